"""How a share of a whole is printed, wherever it is: every page and document says the same."""

from fractions import Fraction


def percent(numerator: int, denominator: int) -> str:
    """One decimal unless whole, half up; 100% and 0% only when exact. `denominator` is positive."""
    tenths = int(Fraction(numerator * 1000, denominator) + Fraction(1, 2))
    if numerator:
        tenths = max(tenths, 1)
    if numerator < denominator:
        tenths = min(tenths, 999)
    whole, tenth = divmod(tenths, 10)
    return f"{whole}.{tenth}%" if tenth else f"{whole}%"
