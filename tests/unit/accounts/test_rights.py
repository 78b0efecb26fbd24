"""Rights: what goes together, who may give what, and where an account is recorded."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.accounts.domain import rights
from shared.security.tokens import ROLES

AREAS = st.lists(st.from_regex("[0-9]{1,9}", fullmatch=True), min_size=1, max_size=4)
ANY_ROLES = st.sets(st.sampled_from(sorted(ROLES)), min_size=1)


@pytest.mark.parametrize(
    ("areas", "home"),
    [
        (["340281101"], "340281101"),
        (["340281"], "340281000"),
        (["340281101", "340281102"], "340281000"),
        (["340281101", "340282101"], "340200000"),
        (["340281", "3403"], "340000000"),
        (["34", "35"], "000000000"),
        (["34028110"], "340281000"),
        (["3"], "000000000"),
    ],
)
def test_an_account_is_recorded_in_the_smallest_division_with_all_its_areas(
    areas: list[str], home: str
) -> None:
    assert rights.home(areas) == home


@given(AREAS, AREAS, ANY_ROLES, ANY_ROLES)
def test_nobody_gives_what_lies_beyond(
    own_areas: list[str], areas: list[str], own: set[str], given_roles: set[str]
) -> None:
    if rights.may_give(own, own_areas, given_roles, areas):
        assert own & {"office", "county"}
        assert all(any(area.startswith(mine) for mine in own_areas) for area in areas)
        assert "county" in own or given_roles <= {"office", "leader", "deputy", "teller"}
