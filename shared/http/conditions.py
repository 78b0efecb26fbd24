"""Conditional requests (RFC 9110 §13): versions as entity tags."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from shared.errors import FieldError, Malformed, Stale

_TAG: Final = r'(?:W/)?"[\x21\x23-\x7e\x80-\uffff]*"'
_BARE: Final = re.compile(r"[0-9]+")
_TAGS: Final = re.compile(rf"{_TAG}(?:[ \t]*,[ \t]*{_TAG})*")
_ONE: Final = re.compile(_TAG)


def tag(version: int) -> str:
    return f'"{version}"'


def _tags(header: str, values: Sequence[str]) -> tuple[str, ...]:
    """A version without its quotes is taken for what it plainly means."""
    text = ",".join(values).strip()
    if text == "*":
        return ("*",)
    if _BARE.fullmatch(text):
        return (tag(int(text)),)
    if not _TAGS.fullmatch(text):
        raise Malformed(
            f'{header} 应写成 "版本号"，例如 "3"', errors=[FieldError(f"header.{header.lower()}", "格式不对")]
        )
    return tuple(_ONE.findall(text))


@dataclass(frozen=True)
class Condition:
    """The If-Match of a request; without one everything passes."""

    tags: tuple[str, ...] = ()

    @classmethod
    def of(cls, values: Sequence[str]) -> "Condition":
        return cls(_tags("If-Match", values)) if values else cls()

    def check(self, version: int) -> None:
        """Strong comparison, as §13.1.1 asks: a weak tag never matches."""
        if self.tags and self.tags != ("*",) and tag(version) not in self.tags:
            raise Stale(f"当前版本是 {version}，您修改的是较早的版本")


def unchanged(values: Sequence[str], etag: str) -> bool:
    """Whether If-None-Match says that the caller has this already. A header we cannot read never does."""
    if not values or not etag:
        return False
    try:
        tags = _tags("If-None-Match", values)
    except Malformed:
        return False
    return tags == ("*",) or etag in (known.removeprefix("W/") for known in tags)
