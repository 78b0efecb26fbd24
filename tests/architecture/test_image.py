"""The image is built from what its build context holds, by any builder."""

import re
import tomllib

from tests.architecture.sources import ROOT

DOCKERFILE = (ROOT / "Dockerfile").read_text("utf-8").replace("\\\n", " ")


def test_the_build_context_is_what_the_image_copies() -> None:
    kept = {line[1:] for line in (ROOT / ".dockerignore").read_text("utf-8").split() if line.startswith("!")}
    assert kept == _copied()


def test_the_image_copies_every_package_and_all_of_it_exists() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    assert set(project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]) <= _copied()
    assert {name for name in _copied() if not (ROOT / name).exists()} == set()


def test_every_builder_can_build_the_image() -> None:
    """Mounts and other frontends are known to BuildKit alone."""
    assert re.findall(r"--mount|# *syntax=|<<", DOCKERFILE) == []


def _copied() -> set[str]:
    """Sources of COPY in the build context."""
    copies = re.findall(r"^COPY +(?!--from)(.*)$", DOCKERFILE, re.MULTILINE)
    return {source for copy in copies for source in copy.split()[:-1]}
