"""One operation of an API as data: the source of dispatch, OpenAPI and the permission table."""

import re
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from email.utils import format_datetime
from functools import lru_cache
from typing import Any, Final

from pydantic import BaseModel, TypeAdapter

from shared.errors import Problem
from shared.http.call import Call
from shared.security.tokens import ROLES

Handler = Callable[[Call[Any, Any]], Awaitable[Any]]

PUBLIC: Final = frozenset({"public"})
"""Roles of a route that needs no token."""
EVERYONE: Final = ROLES
"""Roles of a route that any authenticated caller may use within their area."""

MEBIBYTE: Final = 1024 * 1024
WRITING: Final = frozenset({"POST", "PUT", "PATCH", "DELETE"})

# A colon introduces a command, so no path value may contain one.
_SHAPES: Final = {"town": "[0-9]{9}", "year": "[0-9]{4}", "prefix": "[0-9]{1,9}"}
_ANY_VALUE: Final = "[^/:]+"
_VARIABLE: Final = re.compile(r"\{([a-z_]+)\}")


@dataclass(frozen=True, kw_only=True)
class Operation:
    """An HTTP operation. `path` is complete (`/roster/v1/towns/{town}/people/{id}`); `result` is None for files, pages
    and empty responses."""

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
    form: type[BaseModel] | None = None
    refusal: type[BaseModel] | None = None
    produces: Sequence[str] = ()
    accepts: Sequence[str] = ()
    limit: int = MEBIBYTE
    commits: bool = False
    guarded: bool = False
    versioned: bool = True
    tagged: bool = False
    revalidated: bool = False
    creates: bool = False
    quiet: bool = False
    problems: Sequence[type[Problem]] = ()
    deprecated_on: date | None = None
    sunset_on: date | None = None

    @property
    def ending(self) -> Mapping[str, str]:
        """Headers that announce the end of the operation: since when it is not to be used any more (RFC 9745), and from
        when on it may be gone (RFC 8594)."""
        headers = {}
        if self.deprecated_on is not None:
            headers["Deprecation"] = f"@{int(_midnight(self.deprecated_on).timestamp())}"
        if self.sunset_on is not None:
            headers["Sunset"] = format_datetime(_midnight(self.sunset_on), usegmt=True)
        return headers

    @property
    def public(self) -> bool:
        return self.roles == PUBLIC

    @property
    def repeatable(self) -> bool:
        """Whether an Idempotency-Key is read: the answer is kept with what is committed."""
        return self.commits and self.method == "POST"

    @property
    def variables(self) -> tuple[str, ...]:
        return tuple(_VARIABLE.findall(self.path))

    def pattern(self, paths: frozenset[str] = frozenset()) -> str:
        """The path in the syntax of aiohttp, with the regular expression of each variable. A variable is no word that
        another of `paths` has in its place: `people/{id}` is not `people/duplicates`, and has none of its methods."""
        own, fixed = self.path.split("/"), _words(paths)
        parts = []
        for place, part in enumerate(own):
            words = fixed.get((len(own), *own[:place]), ()) if part.endswith("}") else ()
            apart = f"(?!(?:{'|'.join(sorted(words))})(?:/|$))" if words else ""
            parts.append(_expressed(part, apart))
        return "/".join(parts)


@lru_cache(maxsize=16)
def _words(paths: frozenset[str]) -> Mapping[tuple[int | str, ...], set[str]]:
    """The words that stand after the same beginning in paths of the same length."""
    words: dict[tuple[int | str, ...], set[str]] = {}
    for parts in (path.split("/") for path in paths):
        for place, part in enumerate(parts):
            if "{" not in part:
                words.setdefault((len(parts), *parts[:place]), set()).add(re.escape(part))
    return words


def _expressed(part: str, apart: str) -> str:
    """A part of a path with the regular expressions of its variables."""
    return _VARIABLE.sub(lambda match: f"{{{match[1]}:{apart}{shape(match[1])}}}", part)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def shape(variable: str) -> str:
    """The regular expression of a path variable."""
    return _SHAPES.get(variable, _ANY_VALUE)


def role_set(roles: Collection[str] | str) -> frozenset[str]:
    """The roles that may use a route. Errors: ValueError for none, or for a role that no token has."""
    named = frozenset({roles} if isinstance(roles, str) else roles)
    if not named or not (named == PUBLIC or ROLES.issuperset(named)):
        raise ValueError(f"roles must be PUBLIC or among {sorted(ROLES)}, not {sorted(named)}")
    return named
