"""Marks of the lines of a file, to which a confirmation is bound, and changes between two sets of marks.

A mark depends on the content of a line and not on the version of its record.
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from pydantic import BaseModel

from services.reports.domain import RecordRef
from services.reports.domain.files import (
    DutyFile,
    FileChange,
    FileDutyReport,
    FileEvent,
    FileMandate,
    FileOpinions,
    FilePerson,
    FileRating,
    FileSuggestion,
    GroupEvent,
    GroupFile,
    GroupLeader,
    GroupMember,
    GroupPlanItem,
    GroupStation,
)
from services.reports.domain.statements import LineChange, Mark
from services.reports.names import CHANGES, KINDS, LEVELS, named
from services.reports.notation import full_day_text
from shared.envelope import canonical

File = DutyFile | GroupFile
_DEPUTY = ("person", "mandates", "changes", "events", "suggestions", "opinions", "duty_reports", "ratings")
_GROUP = ("station", "members", "leaders", "plan", "activities", "trainings", "sessions", "suggestions")
_GROUP_ITSELF = ("name", "number", "level", "formed_on", "dissolved_on", "rules")
_OWN = "小组基本情况"


def lines(file: File) -> Iterator[tuple[str, BaseModel]]:
    """Every line with the name of its part, in the order of the file."""
    for part in _DEPUTY if isinstance(file, DutyFile) else _GROUP:
        content = getattr(file, part)
        for line in content if isinstance(content, list) else [content]:
            if isinstance(line, BaseModel):
                yield part, line


def marks(file: File) -> tuple[Mark, ...]:
    """Marks in the order of the file; several lines of one record in one part are numbered."""
    seen: dict[str, int] = {}
    marked = []
    if isinstance(file, GroupFile):
        own = {name: _content(getattr(file, name)) for name in _GROUP_ITSELF}
        marked.append(Mark(key="group", label=_OWN, digest=_digest(own)))
    for part, line in lines(file):
        record = getattr(line, "record", None)
        name = f"{part}:{record.subject}" if record else part
        seen[name] = seen.get(name, 0) + 1
        key = name if seen[name] == 1 else f"{name}:{seen[name]}"
        marked.append(Mark(key=key, label=label(line), digest=_digest(_content(line))))
    return tuple(marked)


def digest(marked: Sequence[Mark]) -> str:
    """SHA-256 over the RFC 8785 form of {key: digest}: equal for files of the same lines."""
    return _digest({mark.key: mark.digest for mark in marked})


def changes(before: Sequence[Mark], now: Sequence[Mark]) -> list[LineChange]:
    """Lines added, changed and removed, in the order of the file; none exactly where the digests are equal."""
    then, current = {mark.key: mark for mark in before}, {mark.key: mark for mark in now}
    return [
        *(
            LineChange(what="changed" if mark.key in then else "added", label=mark.label)
            for mark in now
            if mark.key not in then or then[mark.key].digest != mark.digest
        ),
        *(LineChange(what="removed", label=mark.label) for mark in before if mark.key not in current),
    ]


def line_of(file: File, source: str, subject: str) -> tuple[str, RecordRef] | None:
    """Label and reference of the first line about a record."""
    if isinstance(file, GroupFile) and (file.record.source, file.record.subject) == (source, subject):
        return _OWN, file.record
    for _, line in lines(file):
        refs = line.records if isinstance(line, FileOpinions) else [getattr(line, "record", None)]
        for ref in refs:
            if ref and (ref.source, ref.subject) == (source, subject):
                return label(line), ref
    return None


def label(line: BaseModel) -> str:
    """Label of a line for people."""
    return _LABELS[type(line)](line)


def _mandate(line: FileMandate) -> str:
    return f"代表资格（{'，'.join(filter(None, (named(LEVELS, line.level), line.constituency)))}）"


def _event(line: FileEvent | GroupEvent) -> str:
    return f"{full_day_text(line.held_on)}{line.title or named(KINDS, line.kind)}"


def _suggestion(line: FileSuggestion) -> str:
    number = f"第{line.number}号" if line.number is not None else ""
    return f"{number}代表建议“{line.title}”"


def _on(what: str) -> Callable[[Any], str]:
    return lambda line: f"{full_day_text(line.held_on) if line.held_on else ''}{what}"


_LABELS: Mapping[type[BaseModel], Callable[[Any], str]] = {
    FilePerson: lambda _: "基本情况",
    FileMandate: _mandate,
    FileChange: lambda line: f"{full_day_text(line.on)}{named(CHANGES, line.what)}",
    FileEvent: _event,
    GroupEvent: _event,
    FileSuggestion: _suggestion,
    FileOpinions: lambda _: "选民意见",
    FileDutyReport: _on("述职"),
    FileRating: _on("测评"),
    GroupMember: lambda line: f"成员{line.name}",
    GroupLeader: lambda line: f"组长{line.name}",
    GroupStation: lambda line: f"活动场所{line.name}",
    GroupPlanItem: lambda line: f"计划“{line.title}”",
}


def _content(value: Any) -> Any:
    """Content of a line without record versions and empty values, so that new fields change no digest."""
    if isinstance(value, RecordRef):
        return value.subject
    if isinstance(value, BaseModel):
        fields = ((name, getattr(value, name)) for name in type(value).model_fields)
        return {name: _content(content) for name, content in fields if content not in (None, "", [], {})}
    if isinstance(value, list):
        return [_content(item) for item in value]
    if isinstance(value, dict):
        return {name: _content(item) for name, item in value.items()}
    return value if value is None else str(value)


def _digest(value: dict[str, Any]) -> str:
    return hashlib.sha256(canonical(value)).hexdigest()
