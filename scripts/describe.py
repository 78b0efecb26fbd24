"""Generates documentation from the code: the documents of the contract that are shipped, pages of docs/, code quoted in
them, and routes on the cards of the services.

`python -m scripts.describe` writes the files; `python -m scripts.describe --check` fails when one is out of date.
"""

import re
import sys
from collections.abc import Collection, Iterator, Mapping, Sequence
from importlib.metadata import version
from itertools import pairwise
from pathlib import Path
from typing import Final

from pydantic import BaseModel

from scripts.reference import GENERATED, reference_pages
from services.host.contract import ASYNCAPI, OPENAPI, SHIPPED, openapi
from services.host.problems import catalogue as problems
from services.host.standalone import services
from services.reports.checks import catalogue
from shared.http import permissions
from shared.http.openapi import Document, as_text, document
from shared.process.asyncapi import asyncapi, receives
from shared.process.service import Service
from shared.security.tokens import ROLES
from shared.settings import Settings
from tests.contract.breaking import added, kept

ROOT: Final = Path(__file__).resolve().parent.parent
DOCS, SERVICES = ROOT / "docs", ROOT / "services"
ROUTES: Final = re.compile(
    r"(?<=<!-- routes: made by scripts/describe\.py -->\n).*?(?=<!-- end of routes -->)", re.DOTALL
)


def generated_files() -> Iterator[tuple[Path, str]]:
    """The path and content of each generated file."""
    definitions = services(Settings())
    documents = {f"openapi/{service.name}.json": document(service.api) for service in definitions}
    for name, described in documents.items():
        yield SHIPPED / name, as_text(described)
    yield SHIPPED / OPENAPI, as_text(openapi(definitions))
    yield SHIPPED / ASYNCAPI, as_text(asyncapi(definitions))
    yield DOCS / "events.md", events(definitions)
    yield DOCS / "permissions.md", permission_table(definitions)
    yield DOCS / "figures.md", catalogue.page()
    yield DOCS / "problems.md", problem_table()
    yield DOCS / "contract-changelog.md", contract_changes({**documents, ASYNCAPI: asyncapi(definitions)})
    for service in definitions:
        yield (
            (card := SERVICES / service.name / "README.md"),
            replace_routes(card.read_text("utf-8"), service),
        )
    yield from reference_pages()


def events(services: Sequence[Service]) -> str:
    """The table of all events: the fields of their data, and the services that use them."""
    lines = [
        "# Events",
        "",
        GENERATED,
        "",
        "CloudEvents 1.0 on the topic exchange `lvzhi.events`, routing key = type. `data` is the full public state",
        "of its subject plus `version`. Examples: `tests/contract/events/`.",
        "",
        "Besides, any service may ask for what it lacks: `<service>.replay.requested.v1` {`source`, `from`, `to`}; the",
        "source publishes those numbers again (`to` 0: up to its head).",
        "",
        "| type | data | used by |",
        "|---|---|---|",
    ]
    for service in services:
        for type, model in service.published.items():
            users = [other.name for other in services if other is not service and receives(other, type)]
            lines.append(f"| `{type}` | {_fields(model)} | {', '.join(users)} |")
    return "\n".join(lines) + "\n"


def _fields(model: type[BaseModel]) -> str:
    return " ".join(
        f"`{info.serialization_alias or info.alias or name}`" for name, info in model.model_fields.items()
    )


def problem_table() -> str:
    lines = [
        "# Problems",
        "",
        GENERATED,
        "",
        "Errors are `application/problem+json` (RFC 9457). `code` is contract; `type` is the address of a page,",
        "`/problems/{code}`; `title` and `detail` are for people.",
        "",
        "| code | HTTP | title | meaning |",
        "|---|---|---|---|",
    ]
    lines += [
        f"| `{kind.slug}` | {kind.status} | {kind.title} | {kind.meaning} |" for kind in problems().values()
    ]
    return "\n".join(lines) + "\n"


def contract_changes(now: Mapping[str, Document]) -> str:
    """What each release of the contract added to the one before; nothing is ever dropped within a major version."""
    this = version("lvzhi")
    folders = sorted((ROOT / "tests" / "releases").glob("[0-9]*"), key=lambda folder: _numbers(folder.name))
    contracts = {one.name: kept(one) for one in folders if _numbers(one.name) < _numbers(this)[:2]} | {
        this: now
    }
    lines = [
        "# Changes of the contract",
        "",
        GENERATED,
        "",
        "Operations and events are added, never renamed or dropped within a major version; a test compares the whole",
        "contract with that of every release. What is to end is announced by the headers `Deprecation` (RFC 9745) and",
        "`Sunset` (RFC 8594), and by `deprecated` in the document. Fields: [CHANGELOG](../CHANGELOG.md).",
        "",
    ]
    for before, after in reversed([*pairwise(contracts)]):
        lines += [f"## {after}: added since {before}", ""]
        old = contracts[before]
        for name, new in contracts[after].items():
            if entries := sorted(added(old.get(name, {"components": {}}), new)):
                lines += [f"### {name.removeprefix('openapi/').removesuffix('.json')}", ""]
                lines += [*(f"- `{entry}`" for entry in entries), ""]
    return "\n".join(lines).rstrip() + "\n"


def _numbers(release: str) -> tuple[int, ...]:
    return tuple(int(number) for number in release.split("."))


def permission_table(services: Sequence[Service]) -> str:
    """The table of all operations and the roles that may use them."""
    roles = sorted(ROLES)
    lines = [
        "# Who may do what",
        "",
        GENERATED,
        "",
        "Within the caller's area, and nothing else: whatever is not ticked is refused.",
        "",
        f"| operation | {' | '.join(roles)} |",
        f"|---|{'---|' * len(roles)}",
    ]
    for method, path, _, allowed in permissions(service.api for service in services):
        ticks = ["✓" if role in allowed or "public" in allowed else "" for role in roles]
        lines.append(f"| `{method} {path}` | {' | '.join(ticks)} |")
    return "\n".join(lines) + "\n"


def replace_routes(card: str, service: Service) -> str:
    """The card of a service with a new table of its routes."""
    lines = ["| method | path | roles | what it does |", "|---|---|---|---|"]
    for operation in service.api.operations:
        path = operation.path.removeprefix(f"/{service.name}/v1")
        lines.append(f"| {operation.method} | `{path}` | {_roles(operation.roles)} | {operation.summary} |")
    table = "\n".join(lines) + "\n"
    return ROUTES.sub(lambda _: table, card)


def _roles(allowed: Collection[str]) -> str:
    """Roles as text; `all but teller` where only one or two are missing."""
    refused = sorted(ROLES - set(allowed))
    if "public" in allowed or len(refused) > 2:
        return ", ".join(sorted(allowed))
    return f"all but {', '.join(refused)}" if refused else "all"


def main(*, check: bool) -> int:
    stale = [path for path, text in generated_files() if not path.exists() or path.read_text("utf-8") != text]
    if check:
        for path in stale:
            sys.stderr.write(f"{path.relative_to(ROOT)} is not current: make docs\n")
        return 1 if stale else 0
    for path, text in generated_files():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(check="--check" in sys.argv[1:]))
