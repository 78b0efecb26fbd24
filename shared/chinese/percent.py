"""The format of percentages on all pages and in all documents."""

from fractions import Fraction


def percent(numerator: int, denominator: int) -> str:
    """The share as a percentage: one decimal unless whole, rounded half up; 100% and 0% only when exact.

    `denominator` is positive.
    """
    tenths = int(Fraction(numerator * 1000, denominator) + Fraction(1, 2))
    if numerator:
        tenths = max(tenths, 1)
    if numerator < denominator:
        tenths = min(tenths, 999)
    whole, tenth = divmod(tenths, 10)
    return f"{whole}.{tenth}%" if tenth else f"{whole}%"
