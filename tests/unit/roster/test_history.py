"""The written history of a deputyship: every step an entry with its law, nothing ever shortened or changed."""

from contextlib import suppress
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.roster.domain import corrections, resignations
from services.roster.domain import deputyships as d
from services.roster.domain.basis import article
from services.roster.domain.dated import covers
from services.roster.errors import ImpossibleDate, WrongStatus
from shared.errors import Invalid

BEGAN = date(2017, 1, 10)
TODAY = date(2026, 3, 1)
DAY = st.integers(0, 2000).map(lambda n: BEGAN + timedelta(days=n))
ROLES: tuple[d.Role, ...] = ("chair", "presidium")
STEPS = st.sampled_from(
    ["end", "suspend", "resume", "move", "leave", "appoint", "resign", "decline", "accept"]
)


def a_deputyship(**changes: object) -> d.Deputyship:
    fields = {"id": "d1", "town": "340281199", "person_id": "p1", "level": "town", "started_on": BEGAN}
    return d.start(d.Deputyship.model_validate(fields | changes))


def told(deputyship: d.Deputyship) -> list[tuple[str, date, str | None]]:
    return [(change.kind, change.on, change.reason) for change in deputyship.changes]


def take(deputyship: d.Deputyship, number: int, step: str, on: date) -> d.Deputyship:
    match step:
        case "end":
            return d.end(deputyship, reason="moved_away", on=on)
        case "suspend":
            return d.suspend(deputyship, reason="serving_sentence", on=on)
        case "resume":
            return d.resume(deputyship, on=on)
        case "move" | "leave":
            return d.move(deputyship, group_id=None if step == "leave" else f"g{number % 3}", on=on)
        case "resign":
            return resignations.request(deputyship, requested_on=on)
        case "decline":
            return resignations.settle(deputyship, "not_accepted", on=on)
        case "accept":
            settled = resignations.settle_by_end(
                deputyship, reason="resigned", on=on, accepted_on=on, session=None
            )
            return d.end(settled, reason="resigned", on=on)
        case _:
            return d.appoint(deputyship, roles=ROLES[: number % 3], on=on)


def on_day(deputyship: d.Deputyship, day: date) -> tuple[object, ...]:
    return d.status_on(deputyship, day), d.group_on(deputyship, day), d.roles_on(deputyship, day)


@given(st.lists(st.tuples(STEPS, DAY), max_size=15), DAY)
def test_history_never_shortens_and_the_past_stays_as_it_was_answered(
    steps: list[tuple[str, date]], day: date
) -> None:
    deputyship = a_deputyship(group_id="g0", roles=["presidium"])
    for number, (step, on) in enumerate(steps):
        before = deputyship
        with suppress(ImpossibleDate, WrongStatus):
            deputyship = take(before, number, step, on)
        if day < on:
            assert on_day(deputyship, day) == on_day(before, day)
        assert deputyship.changes[: len(before.changes)] == before.changes
        for name in ("group_history", "role_history", "suspensions"):
            kept = [item.from_on for item in getattr(before, name)]
            assert [item.from_on for item in getattr(deputyship, name)][: len(kept)] == kept
        assert len(deputyship.changes) > len(before.changes) or deputyship == before


@given(st.lists(st.tuples(STEPS, DAY), max_size=15), DAY)
def test_nobody_is_in_two_groups_or_twice_in_a_role_on_one_day(
    steps: list[tuple[str, date]], day: date
) -> None:
    deputyship = a_deputyship(group_id="g0", roles=["chair"])
    for number, (step, on) in enumerate(steps):
        with suppress(ImpossibleDate, WrongStatus):
            deputyship = take(deputyship, number, step, on)
    roles = d.roles_on(deputyship, day)
    assert len(set(roles)) == len(roles)
    assert sum(covers(stay, day) for stay in deputyship.group_history) <= 1


def test_each_step_is_told_with_its_reason_and_the_law_of_its_day() -> None:
    deputyship = d.suspend(a_deputyship(), reason="criminal_detention", on=date(2020, 3, 1))
    deputyship = d.end(d.resume(deputyship, on=date(2020, 5, 1)), reason="moved_away", on=date(2025, 4, 1))
    assert told(deputyship) == [
        ("started", BEGAN, "election"),
        ("suspended", date(2020, 3, 1), "criminal_detention"),
        ("resumed", date(2020, 5, 1), None),
        ("ended", date(2025, 4, 1), "moved_away"),
    ]
    assert [change.basis for change in deputyship.changes] == [
        None,
        "代表法（2015）第四十八条第一项",
        "代表法（2015）第四十八条",
        "代表法（2025）第六十二条第一项",
    ]


@pytest.mark.parametrize(
    ("matter", "day", "said"),
    [
        ("resigned", date(2015, 8, 28), None),
        ("resigned", date(2025, 3, 10), "代表法（2015）第四十九条第二项"),
        ("resigned", date(2025, 3, 11), "代表法（2025）第六十二条第二项"),
        ("ordered_resignation", date(2025, 3, 10), None),
        ("died", date(2025, 3, 11), "代表法（2025）第六十二条第二款"),
        ("by_election", date(2021, 1, 1), "选举法（2020）第五十七条"),
    ],
)
def test_the_article_is_that_of_the_text_in_force(matter: str, day: date, said: str | None) -> None:
    assert article(matter, day) == said


def test_a_correction_keeps_what_was_written_before() -> None:
    put_right = corrections.correct(
        a_deputyship(constituency="一"), {"constituency": "第一选区"}, today=TODAY
    )
    put_right = corrections.redate(put_right, started_on=date(2017, 1, 5), today=TODAY)
    assert [(c.kind, c.on, c.field, c.before, c.after) for c in put_right.changes[1:]] == [
        ("corrected", TODAY, "constituency", "一", "第一选区"),
        ("corrected", TODAY, "started_on", "2017-01-10", "2017-01-05"),
    ]


def test_an_end_is_put_right_with_all_that_ended_that_day() -> None:
    deputyship = a_deputyship(group_id="g1", roles=["chair"])
    ended = d.end(deputyship, reason="died", on=date(2020, 6, 9))
    put_right = corrections.redate_end(ended, ended_on=date(2020, 6, 19), ended_reason=None, today=TODAY)
    assert on_day(put_right, date(2020, 6, 18)) == ("serving", "g1", ["chair"])
    assert on_day(put_right, date(2020, 6, 19)) == ("ended", None, [])
    assert (put_right.changes[-1].before, put_right.changes[-1].after) == ("2020-06-09", "2020-06-19")
    with pytest.raises(ImpossibleDate):
        corrections.redate_end(ended, ended_on=date(2016, 1, 1), ended_reason=None, today=TODAY)
    with pytest.raises(Invalid):
        corrections.redate_end(deputyship, ended_on=TODAY, ended_reason="died", today=TODAY)


def test_who_asked_to_resign_serves_until_it_is_accepted() -> None:
    asked = resignations.request(a_deputyship(), requested_on=date(2021, 5, 1))
    assert (asked.status, resignations.pending(asked)) == ("serving", asked.resignations[0])
    with pytest.raises(WrongStatus):
        resignations.request(asked, requested_on=date(2021, 5, 2))
    settled = resignations.settle_by_end(
        asked, reason="resigned", on=date(2021, 6, 9), accepted_on=date(2021, 6, 9), session="s7"
    )
    assert settled.resignations == [
        d.Resignation(
            requested_on=date(2021, 5, 1),
            outcome="accepted",
            settled_on=date(2021, 6, 9),
            accepted_by_session="s7",
        )
    ]
    assert settled.changes[-1].basis == "选举法（2020）第五十五条"


def test_an_end_without_acceptance_is_kept_and_may_be_completed_later() -> None:
    end = resignations.settle_by_end(
        a_deputyship(), reason="resigned", on=date(2021, 6, 9), accepted_on=None, session=None
    )
    ended = d.end(end, reason="resigned", on=date(2021, 6, 9))
    assert ended.resignations == []
    later = resignations.accept_afterwards(ended, accepted_on=date(2021, 6, 9), session=None)
    assert [one.outcome for one in later.resignations] == ["accepted"]
    with pytest.raises(WrongStatus):
        resignations.accept_afterwards(later, accepted_on=date(2021, 6, 9), session=None)


def test_acceptance_belongs_to_resignation_and_comes_between_request_and_end() -> None:
    asked = resignations.request(a_deputyship(), requested_on=date(2021, 5, 1))
    end = {"on": date(2021, 6, 9), "session": None}
    with pytest.raises(Invalid) as refusal:
        resignations.settle_by_end(asked, reason="died", accepted_on=date(2021, 6, 9), **end)  # type: ignore[arg-type]
    assert refusal.value.errors[0].loc == "body.accepted_on"
    for day in (date(2021, 4, 30), date(2021, 6, 10)):
        with pytest.raises(ImpossibleDate):
            resignations.settle_by_end(asked, reason="resigned", accepted_on=day, **end)  # type: ignore[arg-type]


def test_death_overtakes_a_request() -> None:
    asked = resignations.request(a_deputyship(), requested_on=date(2021, 5, 1))
    settled = resignations.settle_by_end(
        asked, reason="died", on=date(2021, 5, 9), accepted_on=None, session=None
    )
    assert [one.outcome for one in settled.resignations] == ["lapsed"]
