"""Which rules are in force on a day, whatever the order in which packs were entered or pushed."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic_core import to_jsonable_python

from services.activities.domain.roster import Town as TownThere
from services.activities.domain.rules import Rules
from services.reports.events_in import RulePack as CountedRules
from services.reports.events_in import Town as TownCounted
from services.roster.domain.rule_packs import SCOPES, RulePack, check_packs, in_force, replaced, with_pack
from services.roster.domain.rules import LocalRules, fitting
from services.roster.errors import ImpossibleDate
from shared.errors import Invalid

DAY = date(2026, 1, 1)
DAYS = st.integers(0, 30).map(lambda n: DAY + timedelta(days=n))
RULES = st.dictionaries(
    st.sampled_from(["reply_months", "presidium_meetings_per_quarter"]), st.integers(1, 5), max_size=2
)


def a_pack(id: str = "p", scope: str = "county", since: date = DAY, **fields: Any) -> RulePack:
    fields.setdefault("rules", {"reply_months": 2})
    return RulePack.model_validate({"id": id, "scope": scope, "effective_from": since, **fields})


@st.composite
def packs(draw: st.DrawFn) -> list[RulePack]:
    number = draw(st.integers(0, 5))
    return [
        a_pack(
            f"p{n}",
            draw(st.sampled_from(SCOPES)),
            draw(DAYS),
            effective_to=draw(st.none() | DAYS),
            rules=draw(RULES),
            pushed_by=draw(st.none() | st.just("340281")),
        )
        for n in range(number)
    ]


def test_a_narrower_scope_wins_rule_by_rule() -> None:
    national = a_pack("n", "national", rules={"reply_months": 3, "presidium_quorum": True})
    county = a_pack("c", rules={"reply_months": 2})
    assert in_force({}, [county, national], DAY) == {"reply_months": 2, "presidium_quorum": True}
    assert in_force({"reply_months": 1}, [county, national], DAY)["reply_months"] == 1


@pytest.mark.parametrize("bad", ["three", 0, None, [2], {"months": 2}])
def test_a_bad_value_never_hides_a_good_one_of_a_wider_or_earlier_pack(bad: Any) -> None:
    """As data of before may hold them: what a county pushed holds where the town wrote nonsense."""
    good = a_pack("c", rules={"reply_months": 2, "feedback_months": 5})
    late = a_pack("d", since=DAY + timedelta(days=1), rules={"reply_months": bad, "feedback_months": bad})
    own = {"reply_months": bad}
    day = DAY + timedelta(days=9)
    data = {"id": "340281199", "rules": own, "rule_packs": [p.model_dump(mode="json") for p in (good, late)]}
    there = TownThere.model_validate({"town": "340281199", **data}).rules_on(day)
    counted = TownCounted.model_validate(data).rules_on(day)
    assert in_force(own, [good, late], day)["reply_months"] == there.reply_months == 2
    assert counted.feedback_months == (bad if bad == 0 else 5)


def test_every_rule_that_a_service_reads_is_in_the_schema_and_fits_it() -> None:
    known = LocalRules.model_fields
    for model in (Rules, CountedRules):
        for name, field in model.model_fields.items():
            assert name in known
            value = to_jsonable_python(field.get_default())
            assert fitting({name: value}), name
    assert set(known) == {*Rules.model_fields, *CountedRules.model_fields, "presidium_min", "presidium_max"}


def test_of_one_scope_the_later_wins_and_dated_ones_over_those_without_dates() -> None:
    later = a_pack("l", since=DAY + timedelta(days=9), rules={"reply_months": 4})
    both = [later, a_pack("e")]
    assert [in_force({}, both, DAY + timedelta(days=n))["reply_months"] for n in (0, 8, 9)] == [2, 2, 4]
    own = a_pack("t", "town", since=DAY + timedelta(days=9), rules={"reply_months": 6})
    assert [
        in_force({"reply_months": 5}, [own], DAY + timedelta(days=n))["reply_months"] for n in (8, 9)
    ] == [5, 6]


def test_a_pack_holds_on_both_its_days() -> None:
    pack = a_pack(effective_to=DAY + timedelta(days=1))
    assert [pack.holds(DAY + timedelta(days=n)) for n in (-1, 0, 1, 2)] == [False, True, True, False]


def test_packs_of_one_hand_replace_each_other_and_leave_those_of_another() -> None:
    own, pushed = a_pack("a", "town"), a_pack("a", pushed_by="340281")
    assert replaced([own, pushed], [a_pack("b", "town")], None) == [pushed, a_pack("b", "town")]
    newer = pushed.model_copy(update={"rules": {}})
    assert with_pack([pushed, own], newer) == [own, newer]


def test_packs_that_contradict_themselves_are_refused() -> None:
    with pytest.raises(Invalid):
        check_packs([a_pack(), a_pack()])
    with pytest.raises(ImpossibleDate):
        check_packs([a_pack(effective_to=DAY - timedelta(days=1))])


@given(packs(), RULES, DAYS, st.randoms())
def test_whoever_reads_the_packs_in_whatever_order_finds_the_same_rules(
    made: list[RulePack], own: dict[str, int], day: date, random: Any
) -> None:
    """The roster and both who were told of the town."""
    here = in_force(own, made, day)
    random.shuffle(made)
    assert in_force(own, made, day) == here
    told = {"id": "t", "town": "t", "rules": own, "rule_packs": [one.model_dump(mode="json") for one in made]}
    assert TownThere.model_validate(told).rules_on(day).reply_months == here.get("reply_months", 3)
    counted = TownCounted.model_validate(told).rules_on(day)
    assert counted.presidium_meetings_per_quarter == here.get("presidium_meetings_per_quarter", 1)
