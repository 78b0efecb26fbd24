"""Every route there is, also tomorrow's: the wrong field, the missing one, not allowed, not found."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import BaseModel

from services.host.installation import SERVICES
from shared.http.operation import Operation
from shared.security.tokens import ROLES
from tests.component.bad_input.conftest import OTHER_TOWN, Bad, Desk
from tests.fixtures.apps import TOWN

pytestmark = pytest.mark.mongo
COUNTY = TOWN[:6]
FIXED = {"town": TOWN, "year": "2020", "prefix": COUNTY}
JSON_METHODS = ("POST", "PUT", "PATCH")


def address(operation: Operation) -> str:
    """Of something nobody has."""
    return "/" + re.sub(r"\{([a-z_]+)\}", lambda m: FIXED.get(m[1], "nobody"), operation.path)


def wrong(operation: Operation) -> Iterator[Bad]:
    path = address(operation)
    role = "office" if "office" in operation.roles else min(operation.roles)
    area = COUNTY if "{prefix}" in operation.path or "{town}" not in operation.path else TOWN
    name = f"{operation.method} {operation.path}"
    body = required_of(operation)

    def bad(label: str, sent: Any = None, at: str = "", query: str = "", **how: Any) -> Bad:
        options = {"roles": (role,), "area": area, **how}
        return Bad(f"{label}: {name}", operation.method, path + query, sent, at=at, **options)

    yield bad("unknown question", {} if body is not None else None, "query.shoe_size", "?shoe_size=42")
    if body is not None:
        yield bad("unknown field", {"shoe_size": 42}, "body.shoe_size")
        yield from (bad(f"without {field}", {}, f"body.{field}") for field in body)
    for other in sorted(ROLES - operation.roles)[:1]:
        yield bad("not allowed", roles=(other,), status=403, code="forbidden")
    yield bad("nobody", token="", status=401, code="unauthenticated")
    if "{town}" in operation.path:
        status, code = (404, "not-found") if operation.method == "GET" else (403, "forbidden")
        yield bad("other town", area=OTHER_TOWN, status=status, code=code)


def required_of(operation: Operation) -> list[str] | None:
    """The fields its body has to have; None where it takes no JSON object."""
    if operation.method not in JSON_METHODS or not isinstance(operation.body, type):
        return None
    if not issubclass(operation.body, BaseModel):
        return None
    return [field.alias or name for name, field in operation.body.model_fields.items() if field.is_required()]


NEEDED = {"year": "2020", "figure": "congress.sessions", "form": "register"}
"""Query parameters without which a route asks for them before it looks at its path."""


@pytest.mark.parametrize("service", SERVICES)
async def test_every_route_refuses_by_what_it_declares(desk: Desk) -> None:
    operations = [one for one in desk.driver.alive.service.api.operations if not one.public]
    await desk.all_refused([bad for operation in operations for bad in wrong(operation)])
    found = []
    for one in operations:
        if one.method == "GET" and set(one.variables) - FIXED.keys() - {"stream"}:
            asked = one.query.model_fields if one.query is not None else {}
            needs = [f"{name}={value}" for name, value in NEEDED.items() if name in asked]
            answer = await desk.driver.call("GET", f"{address(one)}?{'&'.join(needs)}")
            if answer.status != 404:
                found.append((one.path, answer.status))
    assert found == []
