"""Verification of the report of an area: what it shows against its manifest, its sums against the logs of its towns."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from recount import held, manifest, signed
from recount.answer import Answer, Nothing, Share, printed
from recount.books import Books
from recount.deputies import OF_BEFORE
from recount.faults import FaultKind, Recount
from recount.figures import FIGURES
from recount.judging import Judge
from recount.log import SOURCES, Broken, Data, Log, day
from recount.manifest import Manifest
from recount.model import Document
from recount.package import NotReadable
from recount.proof import NAMES

DOCUMENTS: Final = {"area": "总结", "area-check": "核对说明"}
_REPORTS: Final = "reports"
_ALL: Final = {**NAMES, _REPORTS: "工作总结"}
_STEPS: Final = ("submitted", "accepted", "returned")


@dataclass
class Town:
    """`logs`: of its records and of its reports; `state`, `accepted`: how its report of the period stands, and what was
    accepted of it; `answers`: its figures."""

    code: str
    logs: Mapping[str, Log]
    state: str = ""
    accepted: Data | None = None
    answers: dict[str, Answer] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    def log(self, service: str) -> Log:
        return self.logs[_REPORTS if service == _REPORTS else ""]


def verify(document: Document, events: Iterable[Data], *, keys: Mapping[str, Any] | None = None) -> Recount:
    """Recount the report of an area as of the heads it was compiled from. `keys`: as of `verdict.verify`.

    Errors: NotReadable, Broken.
    """
    if document.proof is None:
        raise NotReadable("文件没有随文的证明，或者已被删去：区域的总结没有它无从核验")
    stated = manifest.opened(document.proof)
    if stated.document not in DOCUMENTS:
        raise NotReadable("不是区域的总结")
    by_town = _grouped(events)
    towns = [_town(code, by_town.get(code, []), stated) for code in _codes(stated)]
    expected = dict(_expected(towns))
    names = frozenset().union(*(log.quotable for town in towns for log in town.logs.values()))
    judge = Judge(expected, expected, {}, names)
    result = judge.result
    result.scope.append(
        f"核验{DOCUMENTS[stated.document]} {stated.town}，统计期 {stated.first} 至 {stated.last}，"
        f"乡镇{len(towns)}个，计入已接收的{sum(town.accepted is not None for town in towns)}个"
    )
    for town in towns:
        for told in town.faults:
            result.add(FaultKind.PROOF, signed.PLACE, f"{town.code} {told}")
    result.notes += _beside(stated, by_town)
    for strange in document.strange:
        told = f"{strange.what}：Word 会显示而核验读不出，请改成普通文字"
        result.add(FaultKind.UNREADABLE, strange.place, told)
    signed.check(stated, document, judge, keys)
    held.hold(document, stated, judge)
    return result


def _grouped(events: Iterable[Any]) -> dict[str, list[Data]]:
    by_town: dict[str, list[Data]] = {}
    for event in events:
        if not isinstance(event, dict):
            raise Broken("给出的内容不是事件日志")
        by_town.setdefault(str(event.get("town")), []).append(event)
    return by_town


def _codes(stated: Manifest) -> list[str]:
    return sorted({source.split("/")[1] for source in stated.sources})


def _beside(stated: Manifest, by_town: Mapping[str, list[Data]]) -> Iterator[str]:
    known = set(_codes(stated))
    for code in sorted(code for code in by_town if code.startswith(stated.town) and code not in known):
        if len(code) == len("340281100") and not _gone(by_town[code], stated):
            yield f"日志中另有{code}，文件没有列入：如果编制时已经有这个乡镇，文件就不完整"


def _gone(events: list[Data], stated: Manifest) -> bool:
    """Whether a town was abolished by the first day of the period, as its latest event says."""
    said = [event.get("data") for event in events if str(event.get("type")).startswith("roster.town.")]
    latest = said[-1] if said and isinstance(said[-1], dict) else {}
    abolished, first = day(latest.get("abolished_on")), day(stated.first)
    return abolished is not None and first is not None and abolished <= first


def _town(code: str, events: list[Data], stated: Manifest) -> Town:
    """Errors: Broken, also for a log whose chain is whole and whose content is not what it should be."""
    try:
        return _read(code, events, stated)
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        raise Broken(f"{code} 的日志内容不合约定") from error


def _read(code: str, events: list[Data], stated: Manifest) -> Town:
    town = Town(
        code, {"": Log.from_events(code, events), _REPORTS: Log.from_events(code, events, (_REPORTS,))}
    )
    heads = {
        service: stated.sources[source]
        for service in _ALL
        if (source := f"/{code}/{service}") in stated.sources
    }
    for service, head in heads.items():
        if head.hash != town.log(service).hash_at(service, head.head):
            town.faults.append(f"{_ALL[service]}：第{head.head}号的散列与日志不符，或者日志没有这么长")
    if _REPORTS not in heads:
        town.faults.append("没有工作总结的末号，无从知道是否上报")
        return town
    stream = town.log(_REPORTS).streams[_REPORTS][: heads[_REPORTS].head]
    town.state, town.accepted = _settled(stream, stated.period)
    sealed = {source["source"]: (source["head"], source["hash"]) for source in _sources(town.accepted)}
    if sealed != {service: (h.head, h.hash) for service, h in heads.items() if service != _REPORTS}:
        town.faults.append("各来源的末号与接收的总结不符")
    if town.accepted is not None:
        town.answers = _answers(town, town.accepted, {service: head for service, (head, _) in sealed.items()})
    return town


def _sources(accepted: Data | None) -> list[Data]:
    return [s for s in accepted["sources"] if s["source"] in SOURCES] if accepted else []


def _settled(stream: Iterable[Data], period: str) -> tuple[str, Data | None]:
    """How the report of a period stands, and the edition that is accepted: until another is, or it is returned."""
    state, accepted = "", None
    for event in stream:
        _, noun, verb, _ = str(event["type"]).split(".")
        if noun != "report" or verb not in _STEPS or event["data"].get("period") != period:
            continue
        if verb == "accepted":
            accepted = event["data"]
        elif verb == "returned":
            accepted = None
        state = "accepted" if accepted else verb
    return state, accepted


def _answers(town: Town, accepted: Data, heads: Mapping[str, int]) -> dict[str, Answer]:
    """Figures of the accepted edition, counted again; without those that came later."""
    first, last = day(accepted["from_on"]), day(accepted["as_of"])
    if first is None or last is None:
        raise Broken(f"{town.code} 接收的总结没有统计期")
    books = Books(town.code, first, last, town.log("").records(heads))
    known = {figure["id"] for figure in accepted["figures"]}
    figures = FIGURES if "changes.term_over" in known else {**FIGURES, **OF_BEFORE}
    return {id: count(books) for id, count in figures.items() if id in known}


def _expected(towns: list[Town]) -> Iterator[tuple[str, str]]:
    """Expected texts by tag."""
    counted = [town for town in towns if town.accepted is not None]
    partial = 0
    for id in FIGURES:
        answers = [town.answers.get(id) for town in counted]
        known = [answer for answer in answers if answer is not None]
        numbers = [answer for answer in known if not isinstance(answer, Nothing)]
        partial += bool(numbers) and (None in answers or Nothing.MISSING in known)
        total = _added(known)
        yield id, printed(total)
        yield f"{id}@towns", str(len(numbers))
        yield from (
            (f"{id}@{town.code}", printed(town.answers[id])) for town in counted if id in town.answers
        )
        if isinstance(total, Share):
            yield f"{id}#numerator", str(total.part)
            yield f"{id}#denominator", str(total.whole)
    states = [town.state for town in towns]
    yield "hand_in.towns", str(len(towns))
    yield "hand_in.missing", str(states.count(""))
    yield "hand_in.partial", str(partial)
    yield from ((f"hand_in.{step}", str(states.count(step))) for step in _STEPS)


def _added(answers: list[Answer]) -> Answer:
    """A sum of numbers, or the share of the sums."""
    shares = [answer for answer in answers if isinstance(answer, Share)]
    if shares:
        return Share(sum(share.part for share in shares), sum(share.whole for share in shares))
    numbers = [answer for answer in answers if isinstance(answer, int)]
    if numbers:
        return sum(numbers)
    return Nothing.MISSING if Nothing.MISSING in answers else Nothing.NOT_APPLICABLE
