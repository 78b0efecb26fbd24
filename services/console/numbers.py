"""Numbers: figures as people read them, what is unknown in words and never as zero; texts that are a whole number."""

from collections.abc import Iterable, Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final

from shared.chinese.numerals import whole
from shared.chinese.percent import percent

UNKNOWN: Final = {"missing": "未登记", "not_applicable": "不适用"}


def amount(figure: Mapping[str, Any] | None, unit: str = "") -> str:
    """`4次`, `91.7%`, `未登记`; of `previous` and the like, which carry no unit, `unit` is said."""
    if not figure:
        return "无"
    value = figure.get("value")
    if value is None:
        return UNKNOWN.get(str(figure.get("status", "missing")), "未登记")
    if figure.get("denominator") is not None:
        return percent(figure["numerator"], figure["denominator"])
    return f"{value}{figure.get('unit') or unit}"


def change(figure: Mapping[str, Any]) -> str:
    """`增加2`, `减少1`, `持平`; empty where either year is unknown. Of shares in percentage points."""
    by = figure.get("change")
    if by is None:
        return ""
    if figure.get("denominator") is not None:
        points = (Decimal(str(by)) * 100).quantize(Decimal("0.1"), ROUND_HALF_UP)
        text, by = f"{abs(points)}个百分点", points
    else:
        text = f"{abs(by)}{figure.get('unit') or ''}"
    return f"增加{text}" if by > 0 else f"减少{text}" if by < 0 else "持平"


def whole_or_text(text: str) -> int | str:
    """As `whole`; any other text as it is, for the service to judge."""
    number = whole(text)
    return text if number is None else number


def by_id(figures: Iterable[Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    return {str(figure["id"]): figure for figure in figures}
