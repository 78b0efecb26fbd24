"""Identities between figures, of ballots, and of the account of records."""

from collections.abc import Iterator
from dataclasses import dataclass

from services.reports.checks.draft import Books, Draft, finding, together
from services.reports.figures.contact import CHANNELS


@dataclass(frozen=True)
class Sum:
    """Identity `total` = Σ `parts`, checked where all are known."""

    name: str
    total: str
    parts: tuple[str, ...]
    message: str


SUMS = (
    Sum(
        "congress",
        "congress.expected",
        ("congress.present", "congress.on_leave", "congress.absent", "congress.not_recorded"),
        "会议应到人次不等于实到、请假、缺席、未登记之和。",
    ),
    Sum(
        "quota",
        "deputies.town.quota",
        ("deputies.town.serving", "deputies.town.suspended", "deputies.town.vacant"),
        "名额不等于在任、暂停执行职务、缺额之和。",
    ),
    Sum(
        "people",
        "deputies.mandates",
        ("deputies.people", "deputies.overlap"),
        "各级代表职务数不等于代表人数与兼任重复的职务数之和。",
    ),
    Sum(
        "stations",
        "stations.open",
        ("stations.rooms", "stations.liaison"),
        "活动阵地个数不等于活动室、联络站之和，有阵地未登记种类。",
    ),
    Sum(
        "opinions",
        "opinions.received",
        ("opinions.closed", "opinions.open"),
        "收到的选民意见不等于办结、未办结之和。",
    ),
    Sum(
        "channels",
        "opinions.received",
        ("opinions.by_code", *(f"opinions.channel.{code or 'unknown'}" for code in CHANNELS)),
        "收到的选民意见不等于各渠道之和，有意见的渠道不在可选之列。",
    ),
    Sum(
        "raised",
        "suggestions.raised",
        ("suggestions.at_session", "suggestions.between_sessions"),
        "代表建议不等于大会期间、闭会期间提出之和，有建议未登记提出的场合。",
    ),
    Sum(
        "classes",
        "suggestions.replied",
        tuple(f"suggestions.class.{letter}" for letter in "abcd"),
        "已答复的代表建议不等于各类答复之和，有答复未登记类别。",
    ),
    Sum(
        "rated",
        "suggestions.rated",
        ("suggestions.satisfied", "suggestions.basically_satisfied", "suggestions.dissatisfied"),
        "代表评价过的建议不等于满意、基本满意、不满意之和。",
    ),
)
"""Identities between figures; those of ballots are checked per meeting."""


def identities(books: Books) -> Iterator[Draft]:
    for identity in SUMS:
        total, parts = books.figures[identity.total], [books.figures[id] for id in identity.parts]
        known = all(figure.value is not None for figure in (total, *parts))
        if known and total.value != sum(part.value or 0 for part in parts):
            yield _broken(books, identity.name, identity.message, identity.total)
    rate, assigned = books.figures["suggestions.reply_rate"], books.value("suggestions.assigned")
    if rate.numerator is not None and assigned != rate.numerator + books.value("suggestions.in_hand"):
        yield _broken(
            books, "suggestions", "已交办的代表建议不等于已答复、在办之和。", "suggestions.assigned"
        )


def ballots(books: Books) -> Iterator[Draft]:
    """Identities of ballots per meeting, because in sums errors could cancel out."""
    for fact in books.year.rating_meetings:
        result = fact.data.result
        if result and (result.returned != result.valid + result.void or result.issued < result.returned):
            message = f"{fact.data.constituency}述职测评会的票数不平：发出{result.issued}张、收回{result.returned}张、"
            message += f"有效{result.valid}张、废票{result.void}张。"
            key = f"{fact.data.held_on}/{fact.data.constituency}"
            yield finding("identity.ballots", message, [fact], key=key, day=fact.data.held_on)


def records(books: Books) -> Iterator[Draft]:
    """Voided records, and records neither counted nor excluded."""
    accounts = books.accounts
    voided = ((day, [record]) for entry in accounts.values() for day, record in entry.voided)
    yield from together(books, "records.voided", "有{}条记录已作废，不计入统计。", voided)
    lost = sum(entry.total - entry.counted - len(entry.excluded) for entry in accounts.values())
    if lost:
        yield finding("proof.accounting", f"有{lost}条记录既未计入也未注明不计入的原因。")


def _broken(books: Books, name: str, message: str, figure: str) -> Draft:
    return Draft(f"identity.{name}", message, books.figures[figure].records)
