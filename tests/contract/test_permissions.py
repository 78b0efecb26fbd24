"""The page of permissions is what happens: every operation, role and kind of area, walked with the page in hand."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from services.host.standalone import services
from shared.errors import Forbidden, NotFound, Unauthenticated
from shared.http.dispatch import identify, permit
from shared.http.operation import Operation
from shared.security.tokens import ROLES, Actor
from shared.settings import Settings

PAGE = (Path(__file__).parents[2] / "docs" / "permissions.md").read_text("utf-8")
TOWN, COUNTY = "340281199", "340281"
AREAS = {
    "own": {TOWN: TOWN, COUNTY: COUNTY},
    "parent": {TOWN: COUNTY, COUNTY: "3402"},
    "child": {COUNTY: TOWN},
    "other": {TOWN: "340281198", COUNTY: "340282"},
    "one of several": {TOWN: f"3501 {TOWN}", COUNTY: f"3501 {COUNTY}"},
    "none of several": {TOWN: "3501 340281198", COUNTY: "3501 340281199"},
}
"""The caller's area, by its relation to the area of the path."""
COVERED = {"own", "parent", "one of several"}
OPERATIONS = [operation for service in services(Settings()) for operation in service.api.operations]


def ticked() -> dict[str, set[str]]:
    """By operation: the roles that the page allows."""
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")] for line in PAGE.splitlines() if line[:1] == "|"
    ]
    roles = rows[0][1:]
    return {
        row[0].strip("`"): {role for role, cell in zip(roles, row[1:], strict=True) if cell == "✓"}
        for row in rows[2:]
    }


TICKED = ticked()


def path_of(operation: Operation) -> dict[str, str]:
    return {
        name: TOWN if name == "town" else COUNTY if name == "prefix" else "x" for name in operation.variables
    }


def outcome(operation: Operation, actor: Actor) -> str:
    try:
        permit(operation, actor, path_of(operation))
    except (NotFound, Forbidden) as problem:
        return problem.slug
    return "allowed"


def expected(operation: Operation, role: str, relation: str) -> str:
    allowed = TICKED[f"{operation.method} {operation.path}"]
    if operation.public:
        return "allowed"
    inside = relation in COVERED or not {"town", "prefix"} & set(operation.variables)
    if not inside:
        return "not-found" if operation.method == "GET" else "forbidden"
    return "allowed" if role in allowed else "forbidden"


def cases(operation: Operation) -> Iterator[tuple[str, str, str]]:
    """Role, relation and area of each caller there can be."""
    area = TOWN if "town" in operation.variables else COUNTY
    for relation, areas in AREAS.items():
        if area in areas:
            yield from ((role, relation, areas[area]) for role in sorted(ROLES))


def test_the_page_has_every_operation_and_every_role() -> None:
    assert set(TICKED) == {f"{operation.method} {operation.path}" for operation in OPERATIONS}
    assert set(re.findall(r"[a-z]+", PAGE.split("| operation |")[1].split("\n")[0])) == ROLES


def test_every_operation_lets_in_whom_the_page_says_and_nobody_else() -> None:
    wrong = {
        (operation.name, role, relation): found
        for operation in OPERATIONS
        for role, relation, area in cases(operation)
        if (found := outcome(operation, Actor("u", area, frozenset({role}))))
        != expected(operation, role, relation)
    }
    assert wrong == {}


def test_without_a_role_nothing_is_allowed() -> None:
    nobody = Actor("u", TOWN, frozenset())
    county = Actor("u", COUNTY, frozenset())
    let_in = [
        operation.name
        for operation in OPERATIONS
        if not operation.public and "allowed" in (outcome(operation, nobody), outcome(operation, county))
    ]
    assert let_in == []


class Nobody:
    """Verifies nothing: no token reaches it."""

    async def verify(self, token: str) -> Actor:
        raise AssertionError(token)


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Basic eDp5"}, {"Authorization": "Bearer"}])
async def test_without_a_token_nothing_is_allowed(headers: dict[str, str]) -> None:
    for operation in OPERATIONS:
        if operation.public:
            assert (await identify(operation, Nobody(), headers)).roles == frozenset()
            continue
        with pytest.raises(Unauthenticated):
            await identify(operation, Nobody(), headers)
