"""One operation of an API as data: what dispatch obeys, what OpenAPI and the permission table are written from."""

import re
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any, Final

from pydantic import BaseModel, TypeAdapter

from shared.errors import Problem
from shared.http.call import Call
from shared.security.tokens import ROLES

Handler = Callable[[Call[Any, Any]], Awaitable[Any]]

PUBLIC: Final = frozenset({"public"})
"""Roles of a route that needs no token."""
EVERYONE: Final = ROLES
"""Roles of a route that any known caller may use within his area."""

MEBIBYTE: Final = 1024 * 1024
WRITING: Final = frozenset({"POST", "PUT", "PATCH", "DELETE"})

# A colon introduces a command, so no path value holds one.
_SHAPES: Final = {"town": "[0-9]{9}", "year": "[0-9]{4}", "prefix": "[0-9]{1,9}"}
_ANY_VALUE: Final = "[^/:]+"
_VARIABLE: Final = re.compile(r"\{([a-z_]+)\}")


@dataclass(frozen=True, kw_only=True)
class Operation:
    """`path` is whole (`/roster/v1/towns/{town}/people/{id}`); `result` is None for files, pages and empty answers."""

    service: str
    method: str
    path: str
    name: str
    handler: Handler
    roles: frozenset[str]
    tag: str
    summary: str = ""
    status: int = 200
    query: type[BaseModel] | None = None
    body: type[Any] | None = None
    result: TypeAdapter[Any] | None = None
    produces: Sequence[str] = ()
    accepts: Sequence[str] = ()
    limit: int = MEBIBYTE
    commits: bool = False
    guarded: bool = False
    versioned: bool = True
    quiet: bool = False
    problems: Sequence[type[Problem]] = ()

    @property
    def public(self) -> bool:
        return self.roles == PUBLIC

    @property
    def variables(self) -> tuple[str, ...]:
        return tuple(_VARIABLE.findall(self.path))

    @property
    def pattern(self) -> str:
        """The path as aiohttp wants it, each variable in the only shape it may have."""
        return _VARIABLE.sub(lambda m: f"{{{m[1]}:{shape(m[1])}}}", self.path)


def shape(variable: str) -> str:
    return _SHAPES.get(variable, _ANY_VALUE)


def role_set(roles: Collection[str] | str) -> frozenset[str]:
    """Deny by default: a route says who may use it, in words that tokens know."""
    named = frozenset({roles} if isinstance(roles, str) else roles)
    if not named or not (named == PUBLIC or ROLES.issuperset(named)):
        raise ValueError(f"roles must be PUBLIC or among {sorted(ROLES)}, not {sorted(named)}")
    return named
