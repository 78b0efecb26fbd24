"""Sums that must come out: identities between figures, and the account of every record."""

from collections.abc import Iterator

from services.reports.checks.draft import Books, Draft, found
from services.reports.figures.accounting import account


def identities(books: Books) -> Iterator[Draft]:
    n = books.value
    parts = n("congress.present") + n("congress.on_leave") + n("congress.absent") + n("congress.not_recorded")
    if books.figures["congress.present"].value is not None and n("congress.expected") != parts:
        yield _broken(
            books, "congress", "会议应到人次不等于实到、请假、缺席、未登记之和。", "congress.expected"
        )
    held = n("deputies.town.serving") + n("deputies.town.suspended") + n("deputies.town.vacant")
    if books.figures["deputies.town.quota"].value is not None and n("deputies.town.quota") != held:
        yield _broken(books, "quota", "名额不等于在任、暂停执行职务、缺额之和。", "deputies.town.vacant")
    rate = books.figures["suggestions.reply_rate"]
    if rate.numerator is not None and n("suggestions.assigned") != rate.numerator + n("suggestions.in_hand"):
        yield _broken(
            books, "suggestions", "已交办的代表建议不等于已答复、在办之和。", "suggestions.assigned"
        )
    classed = sum(n(f"suggestions.class.{letter}") for letter in "abcd")
    if classed != n("suggestions.replied"):
        short = n("suggestions.replied") - classed
        yield _broken(
            books, "classes", f"已答复的代表建议中有{short}件未登记答复类别。", "suggestions.replied"
        )


def ballots(books: Books) -> Iterator[Draft]:
    """Meeting by meeting: sums could hide two mistakes that cancel out."""
    for fact in books.year.rating_meetings:
        result = fact.data.result
        if result and (result.returned != result.valid + result.void or result.issued < result.returned):
            message = f"{fact.data.constituency}述职测评会的票数不平：发出{result.issued}张、收回{result.returned}张、"
            message += f"有效{result.valid}张、无效{result.void}张。"
            yield found(
                "identity.ballots", message, [fact], key=f"{fact.data.held_on}/{fact.data.constituency}"
            )


def records(books: Books) -> Iterator[Draft]:
    """What was voided, and whether counted and excluded records are all there are."""
    accounts = account(books.year, books.figures.values())
    voided = [fact for entry in accounts.values() for fact in entry.voided]
    if voided:
        yield found("records.voided", f"有{len(voided)}条记录已作废，不计入统计。", voided)
    lost = sum(entry.total - entry.counted - len(entry.excluded) for entry in accounts.values())
    if lost:
        yield found("proof.accounting", f"有{lost}条记录既未计入也未注明不计入的原因。")


def _broken(books: Books, name: str, message: str, figure: str) -> Draft:
    return Draft(f"identity.{name}", message, books.figures[figure].records)
