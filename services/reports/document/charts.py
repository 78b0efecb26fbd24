"""Bar charts of figures: native charts in Word, SVG in HTML, with numbers as text."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from xml.sax.saxutils import escape

from services.reports.document import styles, wml
from services.reports.domain import Figure, FigureStatus
from services.reports.names import CLASSES, KINDS

_CHART: Final = "http://schemas.openxmlformats.org/drawingml/2006/chart"
_MAIN: Final = "http://schemas.openxmlformats.org/drawingml/2006/main"
_DRAWING: Final = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"

_EMU_PER_MM: Final = 36_000
_WIDTH_MM: Final = 150
_FEWEST: Final = 2  # a single bar compares nothing

WITH_LENGTH: Final = frozenset({FigureStatus.VALUE})
"""A bar of zero shows nothing; the number stands in the table."""

Bars = tuple[tuple[str, Figure], ...]


@dataclass(frozen=True)
class Look:
    """`bar_mm`: height of each bar, and of the axis; `face`: properties of its text; `line`: of its axes."""

    bar_mm: int
    grey: str
    face: str
    line: str


QUIET: Final = Look(
    bar_mm=9,
    grey="7F7F7F",
    face=f'<a:defRPr sz="1200"><a:latin typeface="{styles.LATIN}"/><a:ea typeface="{styles.FANGSONG}"/></a:defRPr>',
    line='<c:spPr><a:ln w="6350"><a:solidFill><a:srgbClr val="7F7F7F"/></a:solidFill></a:ln></c:spPr>',
)
"""Official documents are black and white."""


@dataclass(frozen=True)
class Chart:
    """A chart: bars from top to bottom, (short label, figure with a value)."""

    id: str
    caption: str
    bars: Bars

    @property
    def described(self) -> str:
        """Alternative text."""
        return f"{self.caption}：" + "，".join(f"{label}{f.value}{f.unit}" for label, f in self.bars)


_CHARTS: Final[Mapping[str, tuple[str, Mapping[str, str]]]] = {
    "activities": (
        "各类活动次数",
        {
            "group_activities.times": KINDS["group_activity"],
            "supervision.inspections": KINDS["inspection"],
            "supervision.research": KINDS["research"],
            "supervision.law_checks": KINDS["law_check"],
            "supervision.reviews": KINDS["review"],
            "training.times": KINDS["training"],
            "contact.receptions": KINDS["reception"],
            "contact.visits": KINDS["visit"],
        },
    ),
    "suggestions": (
        "代表建议办理结果",
        {f"suggestions.class.{code}": label for code, label in CLASSES.items()},
    ),
}


def charts(figures: Sequence[Figure], drawn: frozenset[FigureStatus] = WITH_LENGTH) -> tuple[Chart, ...]:
    """Charts with at least two bars, of the figures of a status that is drawn."""
    return tuple(_charts({figure.id: figure for figure in figures if figure.status in drawn}))


def _charts(figures: Mapping[str, Figure]) -> Iterator[Chart]:
    for id, (caption, names) in _CHARTS.items():
        bars = tuple((label, figures[name]) for name, label in names.items() if name in figures)
        if len(bars) >= _FEWEST and any(figure.value for _, figure in bars):
            yield Chart(id, caption, bars)


def drawing(chart: Chart, relation: str, number: int, look: Look = QUIET) -> str:
    """The run with the chart of a relationship."""
    height = look.bar_mm * (len(chart.bars) + 1)
    size = f'cx="{_WIDTH_MM * _EMU_PER_MM}" cy="{height * _EMU_PER_MM}"'
    return (
        f'<w:r><w:drawing><wp:inline xmlns:wp="{_DRAWING}" distT="0" distB="0" distL="0" distR="0">'
        f"<wp:extent {size}/>"
        f'<wp:docPr id="{number}" name="chart {number}" descr={wml.attribute(chart.described)}/>'
        f'<wp:cNvGraphicFramePr/><a:graphic xmlns:a="{_MAIN}"><a:graphicData uri="{_CHART}">'
        f'<c:chart xmlns:c="{_CHART}" r:id="{relation}"/>'
        "</a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"
    )


def part(chart: Chart, look: Look = QUIET) -> str:
    """The chart part; data are literals, without an embedded workbook."""
    labels = "".join(_point(at, label) for at, (label, _) in enumerate(chart.bars))
    values = "".join(_point(at, str(figure.value)) for at, (_, figure) in enumerate(chart.bars))
    count = f'<c:ptCount val="{len(chart.bars)}"/>'
    return (
        f'<c:chartSpace xmlns:c="{_CHART}" xmlns:a="{_MAIN}"><c:roundedCorners val="0"/><c:chart>'
        '<c:autoTitleDeleted val="1"/><c:plotArea><c:layout/><c:barChart><c:barDir val="bar"/>'
        '<c:grouping val="clustered"/><c:varyColors val="0"/><c:ser><c:idx val="0"/><c:order val="0"/>'
        f"<c:tx><c:v>{escape(chart.caption)}</c:v></c:tx>"
        f'<c:spPr><a:solidFill><a:srgbClr val="{look.grey}"/></a:solidFill></c:spPr><c:invertIfNegative val="0"/>'
        f"<c:dLbls>{_SHOWN}</c:dLbls><c:cat><c:strLit>{count}{labels}</c:strLit></c:cat>"
        f"<c:val><c:numLit><c:formatCode>0</c:formatCode>{count}{values}</c:numLit></c:val></c:ser>"
        '<c:gapWidth val="60"/><c:axId val="1"/><c:axId val="2"/></c:barChart>'
        f"{_axis('catAx', 1, 2, 'maxMin', 'l', look.line)}{_axis('valAx', 2, 1, 'minMax', 'b', look.line)}"
        '</c:plotArea><c:plotVisOnly val="1"/></c:chart><c:spPr><a:ln><a:noFill/></a:ln></c:spPr>'
        f'<c:txPr><a:bodyPr/><a:p><a:pPr>{look.face}</a:pPr><a:endParaRPr lang="zh-CN"/></a:p></c:txPr>'
        "</c:chartSpace>"
    )


_SHOWN: Final = (
    '<c:showLegendKey val="0"/><c:showVal val="1"/><c:showCatName val="0"/><c:showSerName val="0"/>'
    '<c:showPercent val="0"/><c:showBubbleSize val="0"/>'
)


def _axis(kind: str, id: int, crosses: int, direction: str, side: str, line: str) -> str:
    """An axis without ticks, its line as quiet as the bars; that of values is hidden, because bars are labelled."""
    hidden = int(kind == "valAx")
    return (
        f'<c:{kind}><c:axId val="{id}"/><c:scaling><c:orientation val="{direction}"/></c:scaling>'
        f'<c:delete val="{hidden}"/><c:axPos val="{side}"/><c:majorTickMark val="none"/><c:minorTickMark val="none"/>'
        f'<c:tickLblPos val="nextTo"/>{line}<c:crossAx val="{crosses}"/></c:{kind}>'
    )


def _point(at: int, text: str) -> str:
    return f'<c:pt idx="{at}"><c:v>{escape(wml.legal(text))}</c:v></c:pt>'


@dataclass(frozen=True)
class Bar:
    """A bar in HTML; `share`: length in per cent of the longest."""

    label: str
    figure: Figure
    share: float


def page_bars(chart: Chart) -> tuple[Bar, ...]:
    longest = max(_number(figure) for _, figure in chart.bars)
    return tuple(
        Bar(label, figure, round(100 * _number(figure) / longest, 1)) for label, figure in chart.bars
    )


def _number(figure: Figure) -> float:
    return float(figure.value or 0)
