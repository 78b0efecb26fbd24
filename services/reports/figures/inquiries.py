"""Figures of special inquiries (专题询问) and of ballots on reviewed units (工作评议)."""

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


def balloted(year: Year) -> list[ReviewedUnit]:
    """Reviewed units with ballots, one for each review."""
    units = chain.from_iterable(fact.data.units for fact in year.activities("review"))
    return [unit for unit in units if unit.satisfied is not None]


def _sum(field: str) -> Callable[[Year], Measured]:
    def measure(year: Year) -> Measured:
        with_units = [fact for fact in year.activities("review") if fact.data.units]
        numbers = [getattr(unit, field) for fact in with_units for unit in fact.data.units]
        if numbers and all(n is None for n in numbers):
            return Measured.missing(refs(with_units))
        return Measured(sum(n or 0 for n in numbers), refs(with_units))

    return measure


def _satisfied_rate(year: Year) -> Measured:
    units = balloted(year)
    votes = sum(getattr(unit, option) or 0 for unit in units for option in OPTIONS)
    return rate(sum(unit.satisfied or 0 for unit in units), votes, refs(year.activities("review")))


_ASKED = "统计期内举行的专题询问登记的问题"
_BALLOTS = "统计期内工作评议对各单位的测评登记的"

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
    Definition(
        "reviews.returned",
        "工作评议收回的测评票",
        f"{_BALLOTS}收回票数之和；均未登记的为缺数据。",
        "张",
        FigureKind.SUM,
        _sum("returned"),
    ),
    Definition(
        "reviews.satisfied",
        "工作评议满意票",
        f"{_BALLOTS}满意票之和；均未登记的为缺数据。",
        "票",
        FigureKind.SUM,
        _sum("satisfied"),
    ),
    Definition(
        "reviews.abstained",
        "工作评议弃权票",
        f"{_BALLOTS}弃权票之和；均未登记的为缺数据。",
        "票",
        FigureKind.SUM,
        _sum("abstained"),
    ),
    Definition(
        "reviews.satisfied_rate",
        "工作评议满意率",
        "登记了满意票的各单位所得满意票之和÷满意、基本满意、不满意票之和；弃权票不在其内。",
        "",
        FigureKind.RATE,
        _satisfied_rate,
    ),
)
