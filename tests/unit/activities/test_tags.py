"""Tags are themes or forms: sorted by their words, kept in agreement, whatever is sent."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.activities.domain.activities import KIND_LABELS, Activity, ActivityKind
from services.activities.domain.tags import FORMS, forms_of, tags_of, themes_of

WORDS = st.lists(st.sampled_from([*FORMS, "乡村振兴", "疫情防控", "派出所"]), max_size=6).map(tuple)


def activity(**fields: object) -> Activity:
    return Activity.model_validate(
        {"id": "a", "town": "340281199", "version": 1, "year": 2020, "kind": ActivityKind.GROUP_ACTIVITY,
         "title": "活动", "held_on": date(2020, 6, 9), **fields}
    )  # fmt: skip


@pytest.mark.parametrize("kind", ActivityKind)
def test_every_kind_is_a_form_by_word_and_code(kind: ActivityKind) -> None:
    if kind is not ActivityKind.OTHER:
        assert FORMS[KIND_LABELS[kind]] == FORMS[kind] == KIND_LABELS[kind]


@given(WORDS)
def test_no_tag_is_lost_and_none_is_both(tags: tuple[str, ...]) -> None:
    themes, forms = themes_of(tags), forms_of(tags)
    assert not set(themes) & set(FORMS)
    assert {FORMS.get(tag, tag) for tag in tags} == {*themes, *forms}
    assert set(tags_of(themes, forms, tags)) == set(tags)


@given(WORDS, WORDS)
def test_what_is_in_agreement_stays_so(tags: tuple[str, ...], later: tuple[str, ...]) -> None:
    known = activity(tags=tags).classified({"tags"})
    assert known.classified(()) == known
    again = known.model_copy(update={"themes": themes_of(later)}).classified({"themes"})
    assert (again.themes, again.forms) == (themes_of(later), known.forms)
    replaced = known.model_copy(update={"tags": later}).classified({"tags"})
    assert (replaced.themes, replaced.forms) == (themes_of(later), forms_of(later))


def test_a_record_of_before_is_sorted_when_it_is_next_written() -> None:
    before = activity(tags=("视察", "防汛"))
    assert (before.themes, before.classified(()).themes, before.classified(()).forms) == (
        None,
        ("防汛",),
        ("视察",),
    )
    assert before.classified(()).tags == ("视察", "防汛")
