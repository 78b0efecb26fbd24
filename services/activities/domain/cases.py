"""Case material (案例) of an activity or a suggestion: what was raised, what was done, and its effect."""

import re
from typing import Annotated, Final, Self

from pydantic import AfterValidator, StringConstraints, model_validator

from services.activities.domain.values import Value

SENTENCES_MOST: Final = 2
_ENDS: Final = re.compile(r"[。！？!?]+")


def _short(text: str) -> str:
    if len([part for part in _ENDS.split(text) if part.strip()]) > SENTENCES_MOST:
        raise ValueError("最多两句话")
    return text


Sentences = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200), AfterValidator(_short)]


class Case(Value):
    """The office's own words, two sentences each. `in_report`: the office chose it for the summary of the year."""

    raised: Sentences = ""
    done: Sentences = ""
    effect: Sentences = ""
    in_report: bool = False

    @model_validator(mode="after")
    def _told_whole(self) -> Self:
        if self.in_report and not (self.raised and self.done and self.effect):
            raise ValueError("写入总结的案例，提出的问题、办理的经过、取得的效果都要写上")
        return self
