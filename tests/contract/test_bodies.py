"""Where there is no People's Congress: the roster registers none, and no report is made of one."""

import json
from pathlib import Path

import pytest

from services.reports.domain.towns import has_congress
from services.roster.domain.towns import check_congress
from services.roster.errors import NotACongress

NAMES = json.loads(Path(__file__).with_name("bodies.json").read_text("utf-8"))


@pytest.mark.parametrize("name", NAMES["no_congress"])
def test_sub_districts_and_zones_are_refused_by_both(name: str) -> None:
    assert not has_congress(name)
    with pytest.raises(NotACongress) as refusal:
        check_congress("371302100", name)
    assert "不设人民代表大会" in refusal.value.detail
    assert refusal.value.errors[0].loc == "body.name"


@pytest.mark.parametrize("name", NAMES["congress"])
def test_towns_are_taken_by_both(name: str) -> None:
    assert has_congress(name)
    check_congress("371302100", name)


def test_a_code_is_a_hint_and_no_judge() -> None:
    check_congress("371302001", "银雀山镇")
    with pytest.raises(NotACongress) as refusal:
        check_congress("371302001", "银雀山")
    assert "请写全名" in refusal.value.detail
