"""Catalogue of figures and rules: the text of `docs/figures.md`, which `make docs` writes."""

from collections.abc import Iterator

from services.reports.checks.rules import RULES
from services.reports.domain import Severity
from services.reports.figures import DEFINITIONS
from services.reports.figures.definition import FigureKind

_KINDS = {FigureKind.COUNT: "计数", FigureKind.SUM: "合计", FigureKind.RATE: "比率"}
_GRADES = {Severity.BLOCK: "须先处理", Severity.WARN: "提醒", Severity.INFO: "说明"}
_SCOPES = {"national": "全国", "province": "省", "practice": "惯例"}


def page() -> str:
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield "# 指标和规则"
    yield ""
    yield "由程序生成，与程序一致；定义在 `services/reports/figures`，规则在 `services/reports/checks/rules.py`。"
    yield ""
    yield "统计期自起始日（年度总结为1月1日）至截止日，含首尾两日，以业务日期（举行、提出、收到）为准，与登记时间无关。"
    yield "上年同期为前移一年的同样日期，只在上年已经封账并有记录时计算；增减为本期减上年同期，比率以百分点计。"
    yield "指标的状态：`value` 有数，`zero` 为零，`missing` 应有而未登记，`not_applicable` 不适用（比率的分母为零）。"
    yield ""
    yield f"## 指标（{len(DEFINITIONS)}个）"
    yield ""
    yield "| 编号 | 名称 | 单位 | 类别 | 定义 |"
    yield "|---|---|---|---|---|"
    for definition in DEFINITIONS:
        kind = _KINDS[definition.kind]
        yield f"| `{definition.id}` | {definition.label} | {definition.unit} | {kind} | {definition.definition} |"
    yield ""
    yield f"## 规则（{len(RULES.all)}条）"
    yield ""
    yield "规则只形成待核事项，不对任何人产生后果；“须先处理”的事项未解决时，总结不能核准。"
    yield ""
    yield "| 编号 | 依据 | 范围 | 程度 | 适用 |"
    yield "|---|---|---|---|---|"
    for rule in RULES.all:
        since = f"自{rule.effective_from}起" if rule.effective_from else ""
        yield f"| `{rule.id}` | {rule.basis} | {_SCOPES[rule.scope]} | {_GRADES[Severity(rule.severity)]} | {since} |"
