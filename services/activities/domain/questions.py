"""Questions put to the government: at a session (质询案, 询问), on a special inquiry (专题询问)."""

from collections.abc import Iterator, Sequence
from datetime import date
from enum import StrEnum

from services.activities.domain.business import Deputies
from services.activities.domain.values import Count, Label, Text, UnitName, Value
from services.activities.errors import DatesOutOfOrder
from shared.days import Day
from shared.errors import FieldError


class QuestionKind(StrEnum):
    """An interpellation (质询案) is in writing, of ten deputies or more (组织法 2022 Art. 24); 询问 is not."""

    INTERPELLATION = "interpellation"
    INQUIRY = "inquiry"


class Question(Value):
    """`unit` is asked `text` by the deputies `askers` (deputyship ids). Of an interpellation, `dissatisfied`: how many
    of them are not satisfied with the answer; with more than half it is answered again. `promise`: what the unit
    undertook, by `due_on`; done on `done_on`."""

    kind: QuestionKind = QuestionKind.INQUIRY
    unit: UnitName
    text: Text
    askers: Deputies = ()
    answer: Text | None = None
    answered_on: Day | None = None
    answered_by: Label = ""
    dissatisfied: Count | None = None
    answered_again_on: Day | None = None
    promise: Text | None = None
    due_on: Day | None = None
    done_on: Day | None = None

    def faults(self, asked_on: date) -> Iterator[tuple[str, str]]:
        """(field, message) of dates before the question, or a second answer before the first."""
        for field, what in (("answered_on", "答复"), ("answered_again_on", "再次答复"), ("done_on", "落实")):
            if (day := getattr(self, field)) is not None and day < asked_on:
                yield field, f"对“{self.text[:20]}”的{what}（{day}）早于提出之日（{asked_on}）"
        if self.answered_again_on and self.answered_on and self.answered_again_on < self.answered_on:
            yield "answered_again_on", f"再次答复（{self.answered_again_on}）早于答复（{self.answered_on}）"


def check_questions(questions: Sequence[Question], asked_on: date) -> None:
    """Errors: DatesOutOfOrder naming each answer that came before its question."""
    faults = [
        FieldError(f"body.questions.{n}.{field}", message)
        for n, question in enumerate(questions)
        for field, message in question.faults(asked_on)
    ]
    if faults:
        raise DatesOutOfOrder(faults[0].message, errors=faults)


def askers(questions: Sequence[Question]) -> Iterator[tuple[str, str]]:
    """(place in the request, deputyship id)."""
    for n, question in enumerate(questions):
        for m, deputyship_id in enumerate(question.askers):
            yield f"questions.{n}.askers.{m}", deputyship_id
