"""What is to be done next on a day about the committee's tasks and the end of a term."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Final, NamedTuple

from services.roster.domain.tasks import Task, TaskKind
from services.roster.domain.terms import Term, term_on
from shared.days import add_months

TERM_MONTHS: Final = 60
_TERM: Final = "地方组织法（2022）第九条"
_TASKS: Final[Mapping[TaskKind, tuple[str, str]]] = {
    "resignation": ("{}的辞职请求等待处理", "办结"),
    "absent_twice": ("{}两次未经批准不出席会议，等待核实", "核实办结"),
}


class Next(NamedTuple):
    """The next step of a record; `due_on` is None where no rule names a day."""

    kind: str
    due_on: date | None
    subject: str
    text: str
    basis: str
    action: str


def next_steps(
    tasks: Sequence[Task], names: Mapping[str, str], terms: Sequence[Term], on: date, last: date
) -> Iterator[Next]:
    """Steps due by `last`. `names`: of deputies, by deputyship id."""
    for task in tasks:
        text, action = _TASKS[task.kind]
        subject = f"task/{task.id}"
        yield Next(task.kind, None, subject, text.format(names[task.deputyship_id]), task.basis or "", action)
    term = term_on(terms, on)
    if term is not None and term.ended_on is None:
        over = add_months(term.started_on, TERM_MONTHS)
        if over <= last:
            text = f"第{term.congress_number}届人大任期五年，到{over.year}年{over.month}月{over.day}日届满"
            yield Next("term_over", over, f"term/{term.id}", text, _TERM, "换届")
