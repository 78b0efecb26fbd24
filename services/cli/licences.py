"""The command that prints the licence of every Python package installed here, with its whole text."""

from collections.abc import Iterator
from importlib.metadata import Distribution, distributions
from typing import Final

import typer

NOTICES: Final = ("LICENSE", "LICENCE", "COPYING", "NOTICE", "AUTHORS")


def licences() -> None:
    """列出本机所装全部程序包的许可证及其全文。"""
    for package in sorted(distributions(), key=lambda package: package.name.lower()):
        typer.echo(f"{'=' * 80}\n{package.name} {package.version}: {licence(package)}\n")
        for name, text in notices(package):
            typer.echo(f"--- {name}\n{text.rstrip()}\n")


def licence(package: Distribution) -> str:
    """What a package says of its licence, in the words of its metadata; empty where it says nothing."""
    said = package.metadata.json
    classified = [
        line.rpartition(" :: ")[2] for line in said.get("classifier", []) if line.startswith("License ::")
    ]
    free_text = str(said.get("license", "")).strip()  # may be the whole text
    return str(said.get("license_expression") or "; ".join(classified) or free_text.partition("\n")[0])


def notices(package: Distribution) -> Iterator[tuple[str, str]]:
    """The files of a package that hold licences and notices, each with its text."""
    for file in package.files or ():
        in_metadata = file.parts[0].endswith((".dist-info", ".egg-info"))
        if in_metadata and file.name.upper().startswith(NOTICES):
            yield file.name, file.read_text(encoding="utf-8")
