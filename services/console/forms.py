"""Forms: declared fields, what a person typed in them, the JSON body they make, and what was wrong with it.

A field's name is its place in the body (`facts.households`); rows are numbered (`topics.0.title`). The same names stand
in the page, so that a service's `errors[].loc` leads to the field.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final, Literal

from multidict import MultiMapping

from services.console.errors import Refused

Kind = Literal[
    "text",
    "textarea",
    "date",
    "due",
    "number",
    "select",
    "radio",
    "check",
    "checks",
    "month",
    "name",
    "names",
    "lines",
    "password",
    "file",
]
"""`date` lies in the past where no year is written, `due` in the session's year; `name`, `names`: of `options`, written
as people write them; `lines`: one value a line; `checks`: several of `options`."""
SEVERAL: Final = frozenset({"checks", "names", "lines"})
YES_OR_NO: Final = {"True": True, "False": False}
"""Values of a choice that stand for a boolean: unlike those of a check box, they can also be unknown."""
UNREADABLE_DAY: Final = "日期写成 0612、6.12 或者 2026-6-12"
NO_SUCH_DAY: Final = "没有这一天"
_APART: Final = re.compile(r"[、，,;；\n\t]+")
_FULL: Final = re.compile(r"(?:([0-9]{4})[年./-])?([0-9]{1,2})[月./-]([0-9]{1,2})日?")
_NUMBER: Final = re.compile(r"-?([0-9]{1,15}|[0-9]{1,3}(,[0-9]{3}){1,4})(\.[0-9]{1,15})?")
_SHORT: Final = re.compile(r"([0-9]{4})?([0-9]{2})([0-9]{2})")


@dataclass(frozen=True)
class Field:
    """`options`: (value, label), of names (id, name). `width`: columns of twelve."""

    name: str
    label: str
    kind: Kind = "text"
    required: bool = False
    hint: str = ""
    options: Sequence[tuple[str, str]] = ()
    width: int = 4
    rows: int = 3
    suggest: Sequence[str] = ()
    """What was written here before, offered while typing."""
    empty: Any = None
    """What a change sends where the field was emptied, if the record cannot have null there."""


@dataclass(frozen=True)
class Rows:
    """A table of which the last, empty row opens the next one. `blank`: how many empty rows it starts with."""

    name: str
    label: str
    fields: Sequence[Field]
    blank: int = 1
    hint: str = ""


class Faulty(Exception):
    """A form that cannot be sent as it is; its `faults` say why."""

    def __init__(self, form: "Form") -> None:
        super().__init__("faulty form")
        self.form = form


@dataclass
class Form:
    """`values`: text by field name, as typed. `faults`: message by field name. `others`: messages about no one field.
    `theirs`: by field name, what has been recorded meanwhile by somebody else."""

    parts: Sequence[Field | Rows]
    values: dict[str, Any] = field(default_factory=dict)
    faults: dict[str, str] = field(default_factory=dict)
    others: list[str] = field(default_factory=list)
    theirs: dict[str, str] = field(default_factory=dict)
    title: str = ""

    @classmethod
    def of(cls, parts: Sequence[Field | Rows], record: Mapping[str, Any]) -> "Form":
        """The form filled in with a record, or with defaults: names are those of its body."""
        form = cls(parts)
        for part in parts:
            if isinstance(part, Rows):
                for number, row in enumerate(_at(record, part.name) or ()):
                    for inner in _numbered(part, number):
                        form.values[inner.name] = _shown(inner, _at(row, _last(inner.name, part, number)))
            else:
                form.values[part.name] = _shown(part, _at(record, part.name))
        return form

    @classmethod
    def sent(cls, parts: Sequence[Field | Rows], form: MultiMapping[Any]) -> "Form":
        """The form as a browser sent it."""
        values: dict[str, Any] = {}
        for name in dict.fromkeys(form):
            several = form.getall(name)
            values[name] = [str(value) for value in several] if len(several) > 1 else several[0]
        return cls(parts, values)

    def fields(self) -> Iterable[Field]:
        for part in self.parts:
            if isinstance(part, Rows):
                for number in range(self.count(part)):
                    yield from _numbered(part, number)
            else:
                yield part

    def count(self, rows: Rows) -> int:
        """How many rows of a table are there, filled in or not."""
        numbers = [
            int(m[1])
            for name in self.values
            if (m := re.match(rf"{re.escape(rows.name)}\.([0-9]{{1,3}})\.", name))
        ]
        return max(numbers, default=-1) + 1

    def row(self, rows: Rows, number: int) -> list[Field]:
        return _numbered(rows, number)

    def value(self, name: str) -> Any:
        return self.values.get(name, "")

    def body(self, today: date, year: int) -> dict[str, Any]:
        """What was filled in, as the JSON body; empty fields are left out. Errors: Faulty."""
        body: dict[str, Any] = {}
        for part in self.parts:
            if isinstance(part, Rows):
                rows = [
                    self._read(_numbered(part, number), today, year, f"{part.name}.{number}.")
                    for number in range(self.count(part))
                ]
                if filled := [row for row in rows if row]:
                    _put(body, part.name, filled)
            else:
                _merge(body, self._read([part], today, year, ""))
        if self.faults:
            raise Faulty(self)
        return body

    def changes(self, record: Mapping[str, Any], today: date, year: int) -> dict[str, Any]:
        """What differs from a record, as a merge patch (RFC 7396): null where a field was emptied. Errors: Faulty."""
        body, before = self.body(today, year), Form.of(self.parts, record)
        patch: dict[str, Any] = {}
        for part in self.parts:
            now = _at(body, part.name)
            if isinstance(part, Rows):
                if now != _at(before.body(today, year), part.name):
                    _put(patch, part.name, now or [])
            elif _text(self.value(part.name)) != _text(before.value(part.name)):
                empty: Any = [] if part.kind in SEVERAL else part.empty
                _put(patch, part.name, empty if now is None else now)
        return patch

    def refuse(self, refused: Refused) -> "Form":
        """Take over what a service found wrong."""
        known = {part.name for part in self.fields()} | {part.name for part in self.parts}
        self.title = refused.title
        for error in refused.errors:
            place = str(error.get("loc", "")).removeprefix("body.").removeprefix("query.")
            while place and place not in known:
                place = place.rpartition(".")[0]
            message = str(error.get("message", ""))
            if place:
                self.faults.setdefault(place, message)
            else:
                self.others.append(message)
        if refused.detail and not self.faults:
            self.others.insert(0, refused.detail)
        return self

    @property
    def messages(self) -> list[str]:
        """What was found wrong, without its places."""
        return [*self.others, *self.faults.values()] or [self.title]

    def compare(self, record: Mapping[str, Any]) -> "Form":
        """Note what somebody else has recorded meanwhile, where it is not what was typed here."""
        now = Form.of(self.parts, record)
        for part in now.fields():
            theirs = now.value(part.name)
            if _text(theirs) != _text(self.value(part.name)):
                self.theirs[part.name] = _text(theirs) or "（空）"
        return self

    def _read(self, fields: Sequence[Field], today: date, year: int, prefix: str) -> dict[str, Any]:
        """The values of fields; of a row that is wholly empty nothing is missing."""
        texts = {part.name: self.value(part.name) for part in fields}
        if prefix and not any(_text(text).strip() for text in texts.values()):
            return {}
        body: dict[str, Any] = {}
        for part in fields:
            try:
                value = _value(part, texts[part.name], today, year)
            except ValueError as error:
                self.faults[part.name] = str(error)
                continue
            if value is None and part.required:
                self.faults[part.name] = f"请填写{part.label}"
            elif value is not None:
                _put(body, part.name.removeprefix(prefix), value)
        return body


def day(text: str, today: date, *, year: int = 0) -> date:
    """The date that somebody wrote short: `0612`, `6.12`, `20260612`, `2026-6-12`. Without a year it is the latest one
    that is not in the future; with `year` it lies in that. Errors: ValueError."""
    plain = unicodedata.normalize("NFKC", text).replace("。", ".").strip()
    match = _FULL.fullmatch(plain) or _SHORT.fullmatch(plain)
    if match is None:
        raise ValueError(UNREADABLE_DAY)
    try:
        written = date(int(match[1] or year or today.year), int(match[2]), int(match[3]))
        if match[1] is None and not year and written > today:
            written = written.replace(year=written.year - 1)
    except ValueError:
        raise ValueError(NO_SUCH_DAY) from None
    return written


def number(text: str) -> int | float:
    """A comma stands before groups of three digits alone: 1,200. Errors: ValueError."""
    plain = unicodedata.normalize("NFKC", text).strip()
    if not _NUMBER.fullmatch(plain):
        raise ValueError("逗号只用来分开三位一节，如 1,200" if "," in plain else "请填数字")
    plain = plain.replace(",", "")
    return float(plain) if "." in plain else int(plain)


def _value(part: Field, typed: Any, today: date, year: int) -> Any:
    """None where nothing was filled in. Errors: ValueError."""
    if part.kind in SEVERAL:
        return _several(part, typed)
    text = str(typed).strip() if not isinstance(typed, list) else str(typed[-1]).strip()
    if part.kind == "check":
        return True if text else None
    if not text or part.kind == "file":
        return None
    match part.kind:
        case "date" | "due":
            return day(text, today, year=year if part.kind == "due" else 0).isoformat()
        case "number" | "month":
            return number(text)
        case "name":
            return _named(part, text)
        case "select" | "radio":
            return YES_OR_NO.get(text, text)
    return text


def _several(part: Field, typed: Any) -> list[Any] | None:
    texts = typed if isinstance(typed, list) else [str(typed)]
    if part.kind == "lines":
        return [line.strip() for text in texts for line in text.splitlines() if line.strip()] or None
    if part.kind == "checks":
        return [text for text in texts if text] or None
    names = [piece.strip() for text in texts for piece in _APART.split(text) if piece.strip()]
    return [value for piece in names for value in _piece(part, piece)] or None


def _piece(part: Field, piece: str) -> list[str]:
    """One name, which may have a space in it (`王 伟`), or several with spaces between. Errors: ValueError."""
    try:
        return [_named(part, piece)]
    except ValueError:
        words = piece.split()
        if len(words) == 1:
            raise
        return [_named(part, word) for word in words]


def _named(part: Field, text: str) -> str:
    """The value of an option by its value, its label, or the start of a label before a bracket. Errors: ValueError."""
    fitting = [value for value, label in part.options if _joined(text) in (value, _joined(label))]
    fitting = fitting or [
        value for value, label in part.options if re.split(r"[（(]", label)[0].strip() == text.strip()
    ]
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        same = "、".join(label for value, label in part.options if value in fitting)
        raise ValueError(f"“{text}”有几位，请写明：{same}")
    raise ValueError(f"没有找到“{text}”")


def _joined(text: str) -> str:
    return unicodedata.normalize("NFKC", text).replace(" ", "")


def _shown(part: Field, value: Any) -> Any:
    """A value of a record as it stands in the field."""
    labels = dict(part.options)
    if value is None:
        return ""
    match part.kind:
        case "names":
            return "、".join(labels.get(str(one), str(one)) for one in value)
        case "name":
            return labels.get(str(value), str(value))
        case "lines":
            return "\n".join(str(one) for one in value)
        case "checks":
            return [str(one) for one in value]
        case "check":
            return "1" if value else ""
    return str(value)


def _text(value: Any) -> str:
    return "、".join(value) if isinstance(value, list) else str(value)


def _numbered(rows: Rows, number: int) -> list[Field]:
    return [replace(part, name=f"{rows.name}.{number}.{part.name}") for part in rows.fields]


def _last(name: str, rows: Rows, number: int) -> str:
    return name.removeprefix(f"{rows.name}.{number}.")


def _at(record: Any, name: str) -> Any:
    for key in name.split("."):
        record = record.get(key) if isinstance(record, Mapping) else None
    return record


def _put(body: dict[str, Any], name: str, value: Any) -> None:
    *folders, last = name.split(".")
    for folder in folders:
        body = body.setdefault(folder, {})
    body[last] = value


def _merge(body: dict[str, Any], more: Mapping[str, Any]) -> None:
    for key, value in more.items():
        if isinstance(value, Mapping) and isinstance(body.get(key), dict):
            _merge(body[key], value)
        else:
            body[key] = value
