"""Figures of special inquiries (专题询问) and of ballots on the units asked there or reviewed (工作评议)."""

from collections.abc import Callable
from itertools import chain

from services.reports.events_in import Question, ReviewedUnit
from services.reports.figures.activities import number
from services.reports.figures.definition import Definition, FigureKind, Measured, rate, refs
from services.reports.figures.votes import answered, by_now
from services.reports.figures.year import Year

OPTIONS = ("satisfied", "basically_satisfied", "dissatisfied")


def questions(year: Year) -> list[Question]:
    return [question for fact in year.activities("inquiry") for question in fact.data.questions]


def _questions(amount: Callable[[Year, list[Question]], int]) -> Callable[[Year], Measured]:
    """A number of the questions; missing where inquiries were held and none has any."""

    def measure(year: Year) -> Measured:
        held, asked = year.activities("inquiry"), questions(year)
        return (
            Measured.missing(refs(held)) if held and not asked else Measured(amount(year, asked), refs(held))
        )

    return measure


def balloted(year: Year, kind: str) -> list[ReviewedUnit]:
    """Units with ballots, one for each review or inquiry."""
    units = chain.from_iterable(fact.data.units for fact in year.activities(kind))
    return [unit for unit in units if unit.satisfied is not None]


def _sum(kind: str, field: str) -> Callable[[Year], Measured]:
    def measure(year: Year) -> Measured:
        with_units = [fact for fact in year.activities(kind) if fact.data.units]
        numbers = [getattr(unit, field) for fact in with_units for unit in fact.data.units]
        if numbers and all(n is None for n in numbers):
            return Measured.missing(refs(with_units))
        return Measured(sum(n or 0 for n in numbers), refs(with_units))

    return measure


def _satisfied_rate(kind: str) -> Callable[[Year], Measured]:
    def measure(year: Year) -> Measured:
        units = balloted(year, kind)
        votes = sum(getattr(unit, option) or 0 for unit in units for option in OPTIONS)
        return rate(sum(unit.satisfied or 0 for unit in units), votes, refs(year.activities(kind)))

    return measure


def _of_ballots(prefix: str, kind: str, word: str) -> tuple[Definition, ...]:
    """Ballots returned, votes and rate of all units judged at activities of one kind."""
    source = f"统计期内{word}对各单位的测评登记的"
    sums = (
        ("returned", f"{word}收回的测评票", "收回票数", "张"),
        ("satisfied", f"{word}满意票", "满意票", "票"),
        ("abstained", f"{word}弃权票", "弃权票", "票"),
    )
    return (
        *(
            Definition(
                f"{prefix}.{field}",
                label,
                f"{source}{what}之和；均未登记的为缺数据。",
                unit,
                FigureKind.SUM,
                _sum(kind, field),
            )
            for field, label, what, unit in sums
        ),
        Definition(
            f"{prefix}.satisfied_rate",
            f"{word}满意率",
            "登记了满意票的各单位所得满意票之和÷满意、基本满意、不满意票之和；弃权票不在其内。",
            "",
            FigureKind.RATE,
            _satisfied_rate(kind),
        ),
    )


_ASKED = "统计期内举行的专题询问登记的问题"

DEFINITIONS = (
    number("supervision.inquiries", "专题询问次数", "次", "inquiry", "专题询问"),
    Definition(
        "inquiries.questions",
        "专题询问提出的问题",
        f"{_ASKED}个数之和；有专题询问而均未登记问题的为缺数据。",
        "个",
        FigureKind.SUM,
        _questions(lambda _, asked: len(asked)),
    ),
    Definition(
        "inquiries.units",
        "专题询问的单位",
        f"{_ASKED}所问的单位家数，同一单位只计一次；有专题询问而均未登记问题的为缺数据。",
        "家",
        FigureKind.COUNT,
        _questions(lambda _, asked: len({question.unit for question in asked})),
    ),
    Definition(
        "inquiries.answered",
        "专题询问已答复的问题",
        f"{_ASKED}中，截止日（含）以前登记答复日期的个数。",
        "个",
        FigureKind.SUM,
        _questions(lambda y, asked: answered(tuple(asked), y.as_of)),
    ),
    Definition(
        "inquiries.promises",
        "专题询问中承诺的事项",
        f"{_ASKED}中登记了承诺的个数。",
        "个",
        FigureKind.SUM,
        _questions(lambda _, asked: sum(bool(question.promise) for question in asked)),
    ),
    Definition(
        "inquiries.promises_done",
        "已落实的承诺事项",
        f"{_ASKED}中登记了承诺，并在截止日（含）以前登记落实日期的个数。",
        "个",
        FigureKind.SUM,
        _questions(lambda y, asked: sum(bool(q.promise) and by_now(q.done_on, y.as_of) for q in asked)),
    ),
    *_of_ballots("inquiries", "inquiry", "专题询问"),
    *_of_ballots("reviews", "review", "工作评议"),
)
