"""Conditional requests (RFC 9110 §13) with record versions as entity tags."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from shared.errors import FieldError, Malformed, Stale

_TAG: Final = r'(?:W/)?"[\x21\x23-\x7e\x80-\uffff]*"'
_UNQUOTED: Final = re.compile(r"[0-9]+")
_TAGS: Final = re.compile(rf"{_TAG}(?:[ \t]*,[ \t]*{_TAG})*")
_SINGLE_TAG: Final = re.compile(_TAG)


def tag(version: int) -> str:
    """The entity tag of a version."""
    return f'"{version}"'


def _tags(header: str, values: Sequence[str]) -> tuple[str, ...]:
    """The entity tags in a header, or `*`. A number without quotes is accepted as a tag. Errors: Malformed."""
    text = ",".join(values).strip()
    if text == "*":
        return ("*",)
    if _UNQUOTED.fullmatch(text):
        return (f'"{text.lstrip("0") or 0}"',)  # `int` refuses more than 4,300 digits
    if not _TAGS.fullmatch(text):
        raise Malformed(
            f'{header} 应写成 "版本号"，例如 "3"', errors=[FieldError(f"header.{header.lower()}", "格式不对")]
        )
    return tuple(_SINGLE_TAG.findall(text))


@dataclass(frozen=True)
class Condition:
    """The precondition in If-Match; without that header every version passes."""

    tags: tuple[str, ...] = ()

    @classmethod
    def from_header(cls, values: Sequence[str]) -> "Condition":
        return cls(_tags("If-Match", values)) if values else cls()

    def check(self, version: int | None) -> None:
        """Compare strongly (§13.1.1): a weak tag never matches, nor does any where there is no record (None). Errors:
        Stale."""
        if not self.tags:
            return
        if version is None:
            raise Stale("这条记录还没有登记，或者已经删除")
        if self.tags != ("*",) and tag(version) not in self.tags:
            raise Stale(f"当前版本是 {version}，您修改的是较早的版本")


def unchanged(values: Sequence[str], etag: str) -> bool:
    """Whether If-None-Match names this tag. A malformed header does not match."""
    if not values or not etag:
        return False
    try:
        tags = _tags("If-None-Match", values)
    except Malformed:
        return False
    return tags == ("*",) or etag in (known.removeprefix("W/") for known in tags)
