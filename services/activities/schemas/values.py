"""Types of text and requests used by several resources."""

import re
from typing import Annotated, Final

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from services.activities.domain.values import Id, Label, Text, Title
from shared.chinese.characters import normalised
from shared.days import Day

_SEVERAL: Final = re.compile("[、，,；;\\n]")

Texts = Annotated[tuple[Text, ...], Field(max_length=100)]
Unit = Annotated[Title, AfterValidator(normalised)]
"""Name of a unit, a theme, an organiser, in the one form in which names are counted."""


def _one_unit(name: str) -> str:
    if _SEVERAL.search(name):
        raise ValueError(
            "只写一个单位；几个单位共同办理的，主办的写在这里，会办的逐个写在会办单位（co_units）"
        )
    return name


OneUnit = Annotated[Unit, AfterValidator(_one_unit)]
"""Name of one unit: several joined in one text would be counted as one."""

OptionalUnit = Annotated[Label, AfterValidator(normalised)]
PersonName = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=50), AfterValidator(normalised)
]
Titles = Annotated[tuple[Title, ...], Field(max_length=100)]
Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]
Remark = Annotated[str, StringConstraints(strip_whitespace=True, max_length=500)]
LongText = Annotated[str, StringConstraints(strip_whitespace=True, max_length=10_000)]


GroupIds = Annotated[tuple[Id, ...], Field(max_length=100)]
"""Groups of an activity: several of a joint one."""


def together(group_id: str | None, group_ids: tuple[str, ...]) -> tuple[str, ...]:
    """The groups of `group_id` and `group_ids`, each once."""
    return tuple(dict.fromkeys((*((group_id,) if group_id is not None else ()), *group_ids)))


class In(BaseModel):
    model_config = ConfigDict(extra="forbid")


class ReasonIn(In):
    reason: Reason


class OnIn(In):
    on: Day | None = None


class Nothing(In):
    """The empty body of a command."""
