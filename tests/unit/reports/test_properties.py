"""What holds of every history: rates in bounds, sums that come out, no trace of ids or of the order of entry."""

import random
from datetime import date, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from services.reports.compiler import compile_report, prove
from services.reports.domain import Figure, Report, Wording
from services.reports.domain.seals import SealedHead
from services.reports.events_in import SERVICES
from services.reports.figures import compute
from services.reports.figures.ledger import fold
from services.reports.figures.year import Year
from tests.unit.reports.book import Book, attendance
from tests.unit.reports.example import example

KINDS = (
    "review",
    "inquiry",
    "group_activity",
    "training",
    "inspection",
    "reception",
    "visit",
    "good_deed",
    "other",
)
STATES = st.sampled_from(["present", "on_leave", "absent", ""])


DAYS = st.dates(date(2019, 11, 1), date(2021, 2, 1)).map(str)


@st.composite
def histories(draw: st.DrawFn) -> Book:
    book = Book()
    if draw(st.booleans()):
        book.town_(quota=draw(st.integers(0, 12)))
    groups = [book.add("group", number=n, level="town") for n in range(1, 3)]
    deputies = [a_deputy(draw, book, groups) for _ in range(draw(st.integers(0, 8)))]
    for _ in range(draw(st.integers(0, 6))):
        an_event(draw, book, groups, deputies)
    for number in range(draw(st.integers(0, 2))):
        a_session(draw, book, deputies, number)
    for number in range(draw(st.integers(0, 5))):
        papers(draw, book, number)
    for _ in range(draw(st.integers(0, 2))):
        a_rating(draw, book, deputies[:2])
    return book


def a_deputy(draw: st.DrawFn, book: Book, groups: list[str]) -> str:
    return book.deputy(
        level=draw(st.sampled_from(["town", "town", "county"])),
        person_id=draw(st.sampled_from([None, "one person"])),
        group_id=draw(st.sampled_from([None, *groups])),
        started_on=draw(DAYS),
        ended_on=draw(st.none() | DAYS),
        started_by=draw(st.sampled_from(["election", "by_election"])),
        suspensions=draw(st.lists(DAYS.map(lambda d: {"from_on": d}), max_size=1)),
        roles=draw(st.sampled_from([[], ["presidium"]])),
    )


COUNTS = st.none() | st.integers(0, 9)
BALLOTS = dict.fromkeys(("returned", "satisfied", "basically_satisfied", "abstained"), COUNTS)
QUESTIONS = st.fixed_dictionaries(
    {
        "unit": st.sampled_from("甲乙"),
        "promise": st.sampled_from([None, "改"]),
        **{day: st.none() | DAYS for day in ("answered_on", "done_on")},
    }
)


def an_event(draw: st.DrawFn, book: Book, groups: list[str], deputies: list[str]) -> None:
    book.add(
        draw(st.sampled_from(["session", "presidium_meeting", "activity"])),
        kind=draw(st.sampled_from(KINDS)),
        title="活动",
        held_on=draw(DAYS),
        case=draw(st.sampled_from([{}, dict.fromkeys(("raised", "done", "effect"), "一句。")])),
        ended_on=draw(st.none() | DAYS),
        tags=["视察"],
        themes=draw(st.sampled_from([None, [], ["防汛"]])),
        forms=draw(st.sampled_from([[], ["视察"]])),
        group_id=draw(st.sampled_from([None, *groups])),
        group_ids=draw(st.sampled_from([[], [], groups])),
        attendance=sheet(draw, deputies),
        state=draw(st.sampled_from(["held", "held", "voided"])),
        voters_count=draw(st.none() | st.integers(0, 9)),
        units=draw(st.lists(st.fixed_dictionaries({"name": st.sampled_from("甲乙"), **BALLOTS}), max_size=2)),
        questions=draw(st.lists(QUESTIONS, max_size=2)),
    )


PASSED = st.sampled_from([None, True, False])


def votes(draw: st.DrawFn, **parts: Any) -> dict[str, Any]:
    return {**parts, **{name: draw(COUNTS) for name in ("votes", "against", "abstained")}}


def a_session(draw: st.DrawFn, book: Book, deputies: list[str], number: int) -> None:
    """A session with business of every sort, as sparsely recorded as may be."""
    title = st.sampled_from(
        ["决议", "关于接受甲辞去副镇长职务的决定", "关于罢免乙的决定", "接受丙辞去代表职务"]
    )
    project = {
        "year": draw(st.sampled_from([None, 2020, 2021])),
        "chosen": draw(PASSED),
        **{day: draw(st.none() | DAYS) for day in ("done_on", "rated_on")},
        **{name: draw(COUNTS) for name in ("satisfied", "basically_satisfied", "dissatisfied")},
    }
    question = {
        "kind": draw(st.sampled_from(["interpellation", "inquiry"])),
        **{day: draw(st.none() | DAYS) for day in ("answered_on", "due_on", "done_on")},
    }
    budget = votes(
        draw, title="预算", kind="budget", adopted=draw(PASSED), published_on=draw(st.none() | DAYS)
    )
    held = draw(st.dates(date(2019, 11, 1), date(2021, 2, 1)))
    nominated = draw(st.sampled_from([None, "presidium", "deputies"]))
    book.add(
        "session",
        congress_number=17,
        session_number=number + 1,
        held_on=str(held),
        ended_on=draw(st.none() | st.integers(0, 9).map(lambda days: str(held + timedelta(days)))),
        attendance=sheet(draw, deputies),
        reports=[budget],
        resolutions=[votes(draw, title=draw(title))],
        elections=[votes(draw, post="镇长", name="甲", nominated_by=nominated)],
        resignations_accepted=draw(st.sampled_from([[], [{"post": "副镇长", "name": "甲"}]])),
        removals=draw(st.sampled_from([[], [votes(draw, post="镇长", name="乙", passed=draw(PASSED))]])),
        questions=draw(st.sampled_from([[], [question]])),
        livelihood_vote=draw(st.sampled_from([None, {"issued": draw(COUNTS), "returned": draw(COUNTS)}])),
        livelihood_projects=draw(st.sampled_from([[], [{"title": "路", **project}]])),
    )


def papers(draw: st.DrawFn, book: Book, number: int) -> None:
    """A suggestion, an opinion and a plan, each wherever it may stand."""
    actions = draw(
        st.lists(st.sampled_from(["assigned", "returned", "replied", "rated", "redone"]), max_size=5)
    )
    made = [
        {
            "action": a,
            "on": draw(DAYS),
            "due_on": draw(DAYS),
            "class": draw(st.sampled_from("abcd")),
            "result": "satisfied",
        }
        for a in actions
    ]
    unit, co_units, key = draw(
        st.sampled_from([("", [], False), ("建设办", ["供电所"], True), ("供电所", [], True)])
    )
    book.add("suggestion", number=number, raised_on=draw(DAYS), raised_at="between", steps=made, unit=unit,
             co_units=co_units, key=key)  # fmt: skip
    state = draw(st.sampled_from(["received", "closed"]))
    channel = draw(st.sampled_from([None, "qr", "wechat", "hotline", "phone"]))
    book.add("opinion", received_on=draw(DAYS), state=state, closed_on=draw(DAYS), channel=channel)
    item = {
        "id": "1",
        "title": "x",
        "due_on": draw(DAYS),
        "state": draw(st.sampled_from(["planned", "done", "cancelled"])),
    }
    book.add("plan", year=2020, items=[item])


def a_rating(draw: st.DrawFn, book: Book, deputies: list[str]) -> None:
    counts = [draw(st.integers(0, 20)) for _ in range(3)]
    votes = dict(zip(("satisfied", "basically_satisfied", "dissatisfied"), counts, strict=True))
    rows = [{"deputyship_id": one, "counts": votes} for one in deputies]
    made = {
        "issued": 90,
        "returned": 70,
        "valid": 60,
        "void": 10,
        "suppressed": draw(st.booleans()),
        "deputies": rows,
    }
    book.meeting(deputies, held_on=draw(DAYS), result=draw(st.sampled_from([None, made])))


def whatever_else(book: Book) -> None:
    """One of every other noun: places, terms, tasks and what belongs to no year."""
    book.add("person", name="无职务")
    for noun in ("station", "constituency", "term", "task", "by_election", "office"):
        book.add(noun, name="某")
    for noun in ("absence", "scheme", "duty_report"):
        book.add(noun)
    book.add("plan", year=2018, items=[])


def sheet(draw: st.DrawFn, deputies: list[str]) -> dict[str, Any]:
    said = {id: draw(STATES) for id in deputies}
    states = ([id for id in deputies if said[id] == state] for state in ("present", "on_leave", "absent"))
    online, partly = draw(st.sampled_from([([], []), (deputies[:2], []), (deputies, deputies[:1])]))
    return {**attendance(*states), "online": online, "half_day": [{"deputyship_id": id} for id in partly]}


as_ofs = st.dates(date(2020, 1, 1), date(2020, 12, 31))


@given(histories(), as_ofs)
def test_rates_lie_between_zero_and_one_and_nothing_is_negative_but_a_surplus(
    book: Book, as_of: date
) -> None:
    for figure in compute(Year(book.ledger, 2020, as_of)).values():
        assert_sound(figure)


def assert_sound(figure: Figure) -> None:
    if figure.numerator is not None and figure.denominator is not None:
        assert 0 <= figure.numerator <= figure.denominator, figure.id
        assert figure.value == figure.numerator / figure.denominator
    elif isinstance(figure.value, int) and figure.id != "deputies.town.vacant":
        assert figure.value >= 0, figure.id
    assert (figure.value is None) == (figure.status in ("missing", "not_applicable"))
    assert (figure.value == 0) == (figure.status == "zero")


@given(histories(), as_ofs)
def test_sums_come_out(book: Book, as_of: date) -> None:
    figures = compute(Year(book.ledger, 2020, as_of))

    def n(id: str) -> int:
        return int(figures[id].value or 0)

    if figures["congress.present"].status != "missing":
        parts = (
            n("congress.present") + n("congress.on_leave") + n("congress.absent") + n("congress.not_recorded")
        )
        assert n("congress.expected") == parts
    assert n("suggestions.replied") == sum(n(f"suggestions.class.{c}") for c in "abcd")
    assert n("opinions.received") == n("opinions.closed") + n("opinions.open")
    assert n("suggestions.overdue") <= n("suggestions.in_hand") <= n("suggestions.assigned")
    headline = [
        "training.times",
        "group_activities.times",
        "contact.receptions",
        "contact.visits",
        "contact.contacts",
    ]
    headline += ["contact.good_deeds", "activities.other", "supervision.inspections", "supervision.research"]
    headline += ["supervision.law_checks", "supervision.reviews", "supervision.inquiries"]
    assert sum(n(id) for id in headline) == len(Year(book.ledger, 2020, as_of).all_activities)


@given(histories(), as_ofs)
def test_every_record_is_counted_or_excluded_with_a_reason(book: Book, as_of: date) -> None:
    whatever_else(book)
    heads = [SealedHead(s, len(book.events[s]), "", book.ledger.counts(s)) for s in SERVICES]
    report = compile_report(Year(book.ledger, 2020, as_of), heads, Wording(), id="report")
    for source in report.sources:
        stream = f"/{book.town}/{source.source}"
        everything = {event.subject for event in book.events[source.source]}
        counted = {r.subject for figure in report.figures for r in figure.records if r.source == stream}
        excluded = [one.subject for one in source.excluded]
        assert counted.isdisjoint(excluded)
        assert counted | set(excluded) == everything
        assert (source.counted, len(excluded)) == (len(counted), len(set(excluded)))
        assert sum(source.counts.values()) == len(everything)
        assert all(one.reason for one in source.excluded)
    assert "proof.accounting" not in {finding.rule for finding in report.findings}


@given(histories(), st.randoms(use_true_random=False))
def test_the_order_in_which_events_arrive_changes_nothing(book: Book, rng: random.Random) -> None:
    shuffled = list(book.all_events)
    rng.shuffle(shuffled)
    straight, mixed = (
        Year(fold(book.town, events), 2020, date(2020, 12, 7)) for events in (book.all_events, shuffled)
    )
    assert compute(straight) == compute(mixed)


def compiled(book: Book, as_of: str = "2020-12-07") -> Report:
    heads = [
        SealedHead(s, len(book.events[s]), book.events[s][-1].hash, book.ledger.counts(s)) for s in SERVICES
    ]
    year = prove(book.town, "2020", date.fromisoformat(as_of), book.events, heads)
    return compile_report(year, heads, Wording(theme="主题", campaign_label="两联一述"), id="report")


def test_ids_and_the_order_of_entry_leave_no_trace_but_in_the_proof() -> None:
    one, other = compiled(example(Book(prefix="a"))), compiled(example(Book(prefix="zz"), town_first=False))
    for part in ("title", "sections", "tables", "signature"):
        assert getattr(one, part) == getattr(other, part)
    assert [(f.id, f.message) for f in one.findings] == [(f.id, f.message) for f in other.findings]
    values = [[(f.id, f.value, f.status, len(f.records)) for f in report.figures] for report in (one, other)]
    assert values[0] == values[1]


def test_the_same_logs_give_the_same_bytes() -> None:
    assert compiled(example()).model_dump_json() == compiled(example()).model_dump_json()


@given(st.integers(0, 400))
def test_figures_of_an_earlier_day_never_count_later_events(days: int) -> None:
    as_of = date(2020, 1, 1) + timedelta(days=days % 366)
    figures = compute(Year(example_ledger(), 2020, as_of))
    later = [f for f in example_year_end() if f.held_on is not None and f.held_on > as_of]
    counted = {ref.subject for ref in figures["training.times"].records}
    assert counted.isdisjoint(f"activity/{activity.id}" for activity in later)


_LEDGER = example().ledger


def example_ledger() -> Any:
    return _LEDGER


def example_year_end() -> list[Any]:
    return [fact.data for fact in Year(_LEDGER, 2020, date(2020, 12, 31)).activities("training")]
