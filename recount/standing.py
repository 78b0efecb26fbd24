"""How the edition of a document stands by the log of reports: approved, handed in, returned, or replaced since."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from recount.log import SOURCES, Log
from recount.manifest import Manifest

REPORTS: Final = "reports"
_UNTOLD: Final = "文件里没有这一版是否核准、上报、退回，以后有没有另一版：给出 reports 的日志可以查到"
_COMPILED: Final = "compiled"
_STATES: Final = {
    _COMPILED: "是草稿，没有核准",
    "approved": "已核准",
    "submitted": "已上报",
    "accepted": "已接收",
    "returned": "已退回",
}
_IN_FORCE: Final = ("approved", "submitted", "accepted")
_Heads = Mapping[Any, tuple[Any, Any]]


@dataclass(frozen=True)
class Standing:
    """`told`: how the edition stands; `doubt`: what somebody has to confirm, that a later one of other content was
    approved or that the log does not have this one; empty where there is nothing."""

    told: str
    doubt: str = ""


@dataclass(frozen=True)
class _Step:
    edition: Any
    verb: str
    heads: _Heads


def of(stated: Manifest, log: Log | None) -> Standing:
    """`log`: with the stream of `reports`, where that is at hand."""
    if log is None or not log.head(REPORTS):
        return Standing(_UNTOLD)
    upto = f"日志到第{log.head(REPORTS)}号"
    heads = {service: (source.head, source.hash) for service, source in stated.sources.items()}
    contents = _contents(log, stated.period)
    for n, steps in enumerate(contents):
        if any((step.edition, step.heads) == (stated.edition, heads) for step in steps):
            return _standing(stated.edition, steps[-1], [later[-1] for later in contents[n + 1 :]], upto)
    return Standing(
        f"日志中没有这一版，{upto}", "总结的日志中没有这一版：日志比文件早，或者它随恢复备份撤销了"
    )


def _standing(edition: int, last: _Step, later: Sequence[_Step], upto: str) -> Standing:
    """`last`: the latest step of what the document says; `later`: those of what was compiled after it."""
    name = "这一版" if last.edition == edition else f"这一版的内容在第{last.edition}版"
    told = f"{name}{_STATES[last.verb]}"
    if later:
        told += f"，以后又编制，第{later[-1].edition}版{_STATES[later[-1].verb]}"
    in_force = [step for step in later if step.verb in _IN_FORCE]
    doubt = f"这一版以后另有第{in_force[-1].edition}版{_STATES[in_force[-1].verb]}" if in_force else ""
    return Standing(f"{told}，{upto}", doubt)


def _contents(log: Log, period: str) -> list[list[_Step]]:
    """The steps of the report of a period, a list for each time that it was compiled: approval, submission and so on
    are editions of the same content."""
    contents: list[list[_Step]] = []
    for step in _steps(log, period):
        if step.verb == _COMPILED or not contents:
            contents.append([])
        contents[-1].append(step)
    return contents


def _steps(log: Log, period: str) -> Iterator[_Step]:
    for event in log.streams[REPORTS]:
        _, noun, verb, *_ = (*str(event.get("type")).split("."), "", "")
        data = event.get("data")
        if noun != "report" or verb not in _STATES or not isinstance(data, dict):
            continue
        if str(data.get("period") or data.get("year")) == period:  # the first releases closed years alone
            yield _Step(data.get("version"), verb, _heads(data.get("sources")))


def _heads(sources: Any) -> _Heads:
    listed = [source for source in sources if isinstance(source, dict)] if isinstance(sources, list) else []
    return {s.get("source"): (s.get("head"), s.get("hash")) for s in listed if s.get("source") in SOURCES}
