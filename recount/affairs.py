"""Figures of work between sessions: supervision, training, groups, contact with voters, opinions, plans."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date

from recount.answer import Answer, Nothing, added, share
from recount.books import Books, Turnout, groups_of, recorded
from recount.log import Data, day, items

Count = Callable[[Books], Answer]
_CHANNELS = ("reception", "slip", "visit", "letter", "phone", "wechat", "web", "hotline")
_SUPERVISION = ("inspection", "research", "law_check", "review", "inquiry")


def _times(*kinds: str) -> Count:
    return lambda books: len(books.activities(*kinds))


def _sum(field: str, *kinds: str) -> Count:
    return lambda books: added(activity.get(field) for activity in books.activities(*kinds))


def came(books: Books, events: Iterable[Data]) -> list[frozenset[str]]:
    """Persons who came to each event."""
    return [books.turnout("activity", event).came for event in events]


def _person_times(*kinds: str) -> Count:
    return lambda books: person_times(books, books.activities(*kinds))


def person_times(books: Books, events: list[Data]) -> Answer:
    return sum(map(len, came(books, events))) if recorded(events) else Nothing.MISSING


def _ways(part: Callable[[Turnout], frozenset[str]]) -> Count:
    """Persons present in some way, at activities of all kinds."""

    def answer(books: Books) -> Answer:
        events = books.activities()
        turnouts = (books.turnout("activity", event) for event in events)
        return sum(len(part(turnout)) for turnout in turnouts) if recorded(events) else Nothing.MISSING

    return answer


def _people(*kinds: str) -> Count:
    def answer(books: Books) -> Answer:
        events = books.activities(*kinds)
        return len(frozenset().union(*came(books, events))) if recorded(events) else Nothing.MISSING

    return answer


def _coverage(books: Books) -> Answer:
    trainings = books.activities("training")
    if not recorded(trainings):
        return Nothing.MISSING
    serving = books.people(mandate["id"] for mandate in books.serving("town"))
    return share(len(serving & frozenset().union(*came(books, trainings))), len(serving))


def attendance(turnouts: Collection[Turnout]) -> Answer:
    return share(sum(len(t.present) for t in turnouts), sum(len(t.expected) for t in turnouts))


def _group_attendance(books: Books) -> Answer:
    events = books.activities("group_activity")
    turnouts = [books.turnout("activity", event) for event in events]
    return attendance(turnouts) if recorded(events) else Nothing.MISSING


def _groups_met(books: Books) -> Answer:
    minimum = books.rule("group_activities_per_year", 4)
    times = Counter(
        group_id for activity in books.activities("group_activity") for group_id in groups_of(activity)
    )
    return sum(
        times[group["id"]] >= minimum for group in books.groups() if (group.get("level") or "town") == "town"
    )


def _laws(books: Books) -> Answer:
    checks = books.activities("law_check")
    laws = {law for activity in checks for law in items(activity.get("laws"))}
    return Nothing.MISSING if checks and not laws else len(laws)


def _units(books: Books) -> dict[str, str]:
    """Reviewed units by name, with their latest result."""
    reviews = sorted(books.activities("review"), key=lambda activity: str(activity["held_on"]))
    return {
        str(unit.get("name") or "").strip(): str(unit.get("result") or "").strip()
        for review in reviews
        for unit in items(review.get("units"))
    }


def _reviewed(books: Books) -> Answer:
    return Nothing.MISSING if books.activities("review") and not _units(books) else len(_units(books))


def _found_good(books: Books) -> Answer:
    results = list(_units(books).values())
    return Nothing.MISSING if books.activities("review") and not any(results) else results.count("满意")


def _fed_back(books: Books) -> Answer:
    return added(
        activity.get("opinions_count")
        if books.by_now((activity.get("follow_up") or {}).get("fed_back_on"))
        else 0
        for activity in books.activities(*_SUPERVISION)
    )


def _cases(books: Books) -> list[Data]:
    """Cases of activities and suggestions of which all three parts are told."""
    every = [record.get("case") or {} for record in (*books.activities(), *books.suggestions)]
    return [case for case in every if case.get("raised") and case.get("done") and case.get("effect")]


def _goes_on(activity: Data) -> bool:
    first, last = day(activity.get("held_on")), day(activity.get("ended_on"))
    return first is not None and last is not None and first < last


def _tagged(books: Books) -> list[Data]:
    """Activities with a theme; of one recorded before themes and forms were told apart, the tags."""
    return [
        activity
        for activity in books.activities()
        if items(activity["themes"] if activity.get("themes") is not None else activity.get("tags"))
    ]


def _beside(words: Collection[str], *kinds: str) -> Count:
    return lambda books: sum(
        activity.get("kind") not in kinds and any(form in words for form in items(activity.get("forms")))
        for activity in books.activities()
    )


# -- opinions --------------------------------------------------------------------------------------------------


def _closed(books: Books) -> int:
    """Closed by the last day; a closed opinion without a recorded day counts."""
    return sum(
        opinion.get("state") == "closed"
        and (day(opinion.get("closed_on")) is None or books.by_now(opinion["closed_on"]))
        for opinion in books.opinions
    )


def _through(channel: str) -> Count:
    return lambda books: sum((opinion.get("channel") or "") == channel for opinion in books.opinions)


def _went_through(state: str) -> Count:
    def passed(books: Books, opinion: Data) -> bool:
        on = opinion.get(f"{state}_on")
        return books.by_now(on) if day(on) else opinion.get("state") == state

    return lambda books: sum(passed(books, opinion) for opinion in books.opinions)


# -- plans -----------------------------------------------------------------------------------------------------


def _plan_items(books: Books) -> list[tuple[Data, Data]]:
    years = range(books.first.year, books.last.year + 1)
    plans = [plan for plan in books.all("plan") if plan.get("year") in years]
    return [(plan, item) for plan in plans for item in items(plan.get("items"))]


def _due(books: Books) -> list[Data]:
    """Items due in the period; an item without a day is due at the end of the plan's year."""
    return [item for plan, item in _not_cancelled(books) if books.first <= _due_on(plan, item) <= books.last]


def _cancelled(books: Books) -> int:
    every = [(_due_on(plan, item), item.get("state")) for plan, item in _plan_items(books)]
    return sum(state == "cancelled" and books.first <= on <= books.last for on, state in every)


def _not_cancelled(books: Books) -> list[tuple[Data, Data]]:
    return [(plan, item) for plan, item in _plan_items(books) if item.get("state") != "cancelled"]


def _due_on(plan: Data, item: Data) -> date:
    return day(item.get("due_on")) or date(plan["year"], 12, 31)


def _items_done(books: Books) -> int:
    """Items done by the last day; not those done by a voided activity."""
    activities = {activity["id"]: activity for activity in books.all("activity")}

    def is_done(item: Data) -> bool:
        activity = activities.get(item.get("activity_id") or "", {})
        if item.get("state") != "done" or activity.get("state") == "voided":
            return False
        on = day(item.get("done_on")) or day(activity.get("held_on"))
        return on is None or on <= books.last

    return sum(map(is_done, _due(books)))


def _next_year(books: Books) -> Answer:
    plans = [plan for plan in books.all("plan") if plan.get("year") == books.last.year + 1]
    every = [item for plan in plans for item in items(plan.get("items"))]
    return len([item for item in every if item.get("state") != "cancelled"])


def _remaining(books: Books) -> Answer:
    of_the_year = [
        _due_on(plan, item) for plan, item in _not_cancelled(books) if plan["year"] == books.last.year
    ]
    return len([on for on in of_the_year if on > books.last])


FIGURES: Mapping[str, Count] = {
    "supervision.inspections": _times("inspection"),
    "supervision.research": _times("research"),
    "supervision.law_checks": _times("law_check"),
    "supervision.reviews": _times("review"),
    "supervision.person_times": _person_times(*_SUPERVISION),
    "supervision.opinions": _sum("opinions_count", *_SUPERVISION),
    "supervision.sites": _sum("sites_count", *_SUPERVISION),
    "supervision.reports": _sum("reports_count", "research"),
    "supervision.laws": _laws,
    "supervision.units_reviewed": _reviewed,
    "supervision.units_satisfied": _found_good,
    "supervision.opinions_answered": _fed_back,
    "supervision.beside": _beside(("视察", "专题调研", "执法检查", "工作评议", "专题询问"), *_SUPERVISION),
    "training.beside": _beside(("学习培训",), "training"),
    "training.times": _times("training"),
    "training.person_times": _person_times("training"),
    "training.people": _people("training"),
    "training.coverage_rate": _coverage,
    "group_activities.times": _times("group_activity"),
    "group_activities.joint": lambda books: sum(
        len(groups_of(activity)) > 1 for activity in books.activities("group_activity")
    ),
    "group_activities.person_times": _person_times("group_activity"),
    "group_activities.attendance_rate": _group_attendance,
    "group_activities.groups_met": _groups_met,
    "group_activities.opinions": _sum("opinions_count", "group_activity"),
    "activities.several_days": lambda books: sum(map(_goes_on, books.activities())),
    "activities.online_times": _ways(lambda t: t.online),
    "activities.half_day_times": _ways(lambda t: t.half_day),
    "tagged.times": lambda books: len(_tagged(books)),
    "tagged.person_times": lambda books: person_times(books, _tagged(books)),
    "contact.receptions": _times("reception"),
    "contact.deputy_times": _person_times("reception"),
    "contact.voter_times": _sum("voters_count", "reception"),
    "contact.visits": _times("visit"),
    "contact.contacts": _times("contact"),
    "contact.good_deeds": _times("good_deed"),
    "contact.households": _sum("households_count", "visit"),
    "contact.visit_voter_times": _sum("voters_count", "visit"),
    "contact.beneficiaries": _sum("beneficiaries_count", "good_deed"),
    "contact.amount_yuan": _sum("amount_yuan", "good_deed"),
    "activities.other": _times("other"),
    "opinions.received": lambda books: len(books.opinions),
    "opinions.closed": _closed,
    "opinions.open": lambda books: len(books.opinions) - _closed(books),
    "opinions.closed_rate": lambda books: share(_closed(books), len(books.opinions)),
    "opinions.answered": _went_through("answered"),
    "opinions.forwarded": _went_through("forwarded"),
    "opinions.converted": _went_through("converted"),
    "opinions.by_code": lambda books: sum(opinion.get("channel") == "qr" for opinion in books.opinions),
    **{f"opinions.channel.{code}": _through(code) for code in _CHANNELS},
    "opinions.channel.unknown": _through(""),
    "cases.recorded": lambda books: len(_cases(books)),
    "cases.in_report": lambda books: sum(case.get("in_report") is True for case in _cases(books)),
    "plan.items": lambda books: len(_due(books)),
    "plan.done": _items_done,
    "plan.done_rate": lambda books: share(_items_done(books), len(_due(books))),
    "plan.cancelled": _cancelled,
    "plan.remaining": _remaining,
    "plan.next_items": _next_year,
}
