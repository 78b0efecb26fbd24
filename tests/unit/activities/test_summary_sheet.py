"""The summary sheet of suggestions names the parameters that were asked for."""

from datetime import date

from services.activities.pages.suggestion_sheets import _CHOICES, _choice, summary
from services.activities.routes.suggestions import records


def test_every_parameter_of_the_list_has_its_words() -> None:
    fields = records.listing.choice("Query").model_fields
    assert _CHOICES.keys() == {field.alias or name for name, field in fields.items()}


def test_parameters_are_said_in_words() -> None:
    chosen = {"year": 2020, "state": "redo", "key": False, "voided": False, "to": date(2020, 10, 4)}
    *said, last = _choice(chosen)
    assert said == ["2020年提出", "重新办理中", "不是重点督办", "没有作废"]
    assert last.endswith("以前提出")
    assert "已作废" in str(summary("示例镇", {"voided": True}, [], date(2020, 12, 7)))
