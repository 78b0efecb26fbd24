"""A text that was emptied at a page is sent as the record may have it."""

import pytest
from pydantic import BaseModel, ValidationError

from services.activities.schemas.activities import ActivityIn
from services.console.forms import SEVERAL, Field, Rows
from services.console.pages.activity_fields import MORE
from services.console.pages.activity_form import Around
from services.console.pages.report_steps import settings_fields
from services.reports.schemas import SettingsIn
from shared.http import patch_of


def refused(parts: tuple[Field | Rows, ...], body: type[BaseModel]) -> list[str]:
    """Fields of the record that may be left empty, but whose empty value its service would refuse."""
    faults = []
    for part in parts:
        if (
            isinstance(part, Rows)
            or part.required
            or part.kind in SEVERAL
            or part.name not in body.model_fields
        ):
            continue
        try:
            patch_of(body).model_validate({part.name: part.empty})
        except ValidationError:
            faults.append(part.name)
    return faults


@pytest.mark.parametrize(
    ("parts", "body", "kept"),
    [
        (settings_fields({"sections": []}), SettingsIn, ["form"]),
        ((*Around().fields(), *MORE), ActivityIn, ["title"]),
    ],
)
def test_what_may_be_left_empty_may_be_emptied(
    parts: tuple[Field | Rows, ...], body: type[BaseModel], kept: list[str]
) -> None:
    assert refused(parts, body) == kept
