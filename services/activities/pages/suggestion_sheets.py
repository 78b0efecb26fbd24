"""What is printed of suggestions: 登记表, 交办单, 催办单, 汇总表."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from services.activities.domain.deadlines import Deadline
from services.activities.domain.steps import ACTION_LABELS, STATE_LABELS, Action, State, SuggestionStep
from services.activities.domain.suggestions import Suggestion
from services.activities.sheets.suggestions import CLASSES, GROUNDS, INTAKE, RAISED_AT, SATISFACTION
from shared.documents.sheets import Form, Row, Sheet, Table

BLANK: Final = "＿＿＿＿＿＿"
LETTER: Final = 14.0
_PAIR: Final = (15, 35, 15, 35)
_WHOLE: Final = (15, 85)
_CLASSES: Final = {code: word for word, code in CLASSES.items()}
_SATISFACTION: Final = {code: word for word, code in SATISFACTION.items()}
_RAISED_AT: Final = {code: word for word, code in RAISED_AT.items()}
_YES: Final = {True: "是", False: "否"}
_GROUNDS: Final = {code: word for word, code in GROUNDS.items()}


@dataclass(frozen=True)
class Named:
    """A suggestion with the names of those it refers to. `place`: group and constituency of the lead deputy; `session`:
    that it was raised at; `deadline`: of the latest reply awaited."""

    suggestion: Suggestion
    town: str
    lead: str = ""
    place: str = ""
    co: tuple[str, ...] = ()
    session: str = ""
    deadline: Deadline | None = None

    @property
    def office(self) -> str:
        return f"{self.town}人民代表大会"

    @property
    def handlers(self) -> str:
        """Who handles it: 镇建设办（会办：镇供电所、镇财政所）."""
        unit = self.suggestion.unit or self.suggestion.forwarded_to or ""
        return f"{unit}{_with(self.suggestion.co_units)}"

    @property
    def called(self) -> str:
        others = len(self.co)
        who = f"{self.lead}等{others + 1}名代表" if others else f"{self.lead}代表"
        return (
            f"{who if self.lead else '代表'}提出的第{self.suggestion.number}号建议《{self.suggestion.title}》"
        )


def day(on: date | None) -> str:
    return f"{on.year}年{on.month}月{on.day}日" if on is not None else ""


def register(named: Named) -> Sheet:
    """登记表: what was raised and every step of its handling; what is not recorded is left blank."""
    suggestion = named.suggestion
    asked = suggestion.intake.model_dump(exclude_none=True) if suggestion.intake else {}
    raised = "".join((_RAISED_AT.get(suggestion.raised_at or "", ""), _bracketed(named.session)))
    watched = f"是{_bracketed(suggestion.supervised_by)}" if suggestion.key else "否"
    steps = "\n".join(_told(step) for step in suggestion.steps)
    form = Form(
        (
            Row(("编号", str(suggestion.number), "提出日期", day(suggestion.raised_on)), _PAIR),
            Row(("标题", suggestion.title), _WHOLE),
            Row(("领衔代表", f"{named.lead}{_bracketed(named.place)}", "提出时间", raised), _PAIR),
            Row(("附议代表", "、".join(named.co)), _WHOLE),
            Row(("类别", suggestion.category, "重点督办", watched), _PAIR),
            Row(("内容", suggestion.text), _WHOLE, 15),
            Row(("审查", "；".join(f"{INTAKE[n]}：{_YES[v]}" for n, v in asked.items())), _WHOLE),
            Row(("办理经过", steps), _WHOLE, 8),
            Row(("目前", STATE_LABELS[suggestion.state], "答复期限", day(suggestion.awaited_on)), _PAIR),
            Row(("代表评价", _rating(suggestion)), _WHOLE),
        )
    )
    told = {"本件已作废": suggestion.void_reason, "不予公开": suggestion.withheld_for}
    return Sheet(
        "代表建议、批评和意见登记表",
        [f"{label}：{reason}" for label, reason in told.items() if reason is not None],
        (form,),
        (f"领衔代表签名：{BLANK}　　　登记人：{BLANK}　　　日期：{BLANK}",),
        letterhead=named.office,
    )


def assignment(named: Named, return_by: date | None) -> Sheet:
    """交办单, to the unit that handles it, with what it signs for."""
    suggestion = named.suggestion
    doing = f"主办，由{'、'.join(suggestion.co_units)}会办" if suggestion.co_units else "办理"
    lines = [
        f"{suggestion.unit}：",
        f"　　现将{named.called}交你单位{doing}。{_asked(suggestion.due_on)}",
    ]
    if named.deadline is not None:
        lines.append(f"　　答复期限：{named.deadline.explanation}。")
    if return_by is not None:
        lines.append(f"　　认为不属于本单位职责的，请在{day(return_by)}前说明理由退回。")
    form = Form(
        (
            Row(("编号", str(suggestion.number), "类别", suggestion.category), _PAIR),
            Row(("领衔代表", named.lead, "附议代表", "、".join(named.co)), _PAIR),
            Row(("内容", suggestion.text or suggestion.title), _WHOLE, 12),
            Row(("签收人", "", "签收日期", ""), _PAIR),
        )
    )
    return Sheet(
        "代表建议交办单",
        lines,
        (form,),
        signed=(f"{named.office}主席团（盖章）", day(suggestion.assigned_on)),
        letterhead=named.office,
        size=LETTER,
    )


def _asked(due_on: date | None) -> str:
    by = f"在{day(due_on)}前" if due_on else ""
    return f"请{by}书面答复代表，答复前与代表当面沟通，答复同时报送本主席团。"


_URGED: Final = "请抓紧办理，书面答复代表，并将答复报送本主席团；有困难的，请书面说明原因和预计答复的时间。"


def reminder(named: Named, due_on: date, on: date) -> Sheet:
    """催办单, of a reply due soon or overdue on the day `on`."""
    suggestion = named.suggestion
    again = (
        "退回重新办理" if suggestion.state is State.REDO else f"于{day(suggestion.assigned_on)}交你单位办理"
    )
    lines = [
        f"{suggestion.unit or suggestion.forwarded_to or '承办单位'}：",
        f"　　{named.called}{again}，答复期限为{day(due_on)}，{_left((due_on - on).days)}，尚未收到答复。{_URGED}",
    ]
    if named.deadline is not None:
        lines.append(f"　　期限的依据：{named.deadline.explanation}。")
    return Sheet(
        "代表建议催办单",
        lines,
        (Form((Row(("签收人", "", "签收日期", ""), _PAIR), Row(("办理情况", ""), _WHOLE, 10))),),
        signed=(f"{named.office}主席团（盖章）", day(on)),
        letterhead=named.office,
        size=LETTER,
    )


_SUMMARY: Final = (
    ("编号", 6),
    ("标题", 28),
    ("领衔代表", 12),
    ("承办单位", 17),
    ("交办日期", 11),
    ("答复期限", 11),
    ("答复日期", 11),
    ("办理结果", 8),
    ("代表评价", 9),
    ("目前", 9),
)


def summary(town: str, chosen: Mapping[str, Any], all_named: Sequence[Named], on: date) -> Sheet:
    """汇总表, on A4 across. `chosen`: the parameters asked for, which the sheet names."""
    rows = [_line(named) for named in all_named]
    table = Table([head for head, _ in _SUMMARY], [width for _, width in _SUMMARY], rows)
    return Sheet(
        "代表建议办理情况汇总表",
        ("　　".join((f"{town}人民代表大会", *_choice(chosen), f"共 {len(rows)} 件", f"{day(on)}打印")),),
        (table,),
        (f"填表人：{BLANK}　　　审核人：{BLANK}",),
        landscape=True,
    )


_CHOICES: Final = {
    "year": "{}年提出",
    "state": "{}",
    "raised_at": "{}提出",
    "session_id": "一次会议提出",
    "lead_deputyship_id": "一名代表领衔",
    "unit": "{}主办",
    "key": "{}重点督办",
    "from": "{}以后提出",
    "to": "{}以前提出",
    "open_on": "{}没有办结",
    "voided": "{}",
    "q": "含有“{}”",
}
_WORDS: Final[Mapping[str, Mapping[Any, str]]] = {
    "state": STATE_LABELS,
    "raised_at": _RAISED_AT,
    "key": {True: "", False: "不是"},
    "voided": {True: "已作废", False: "没有作废"},
}


def _choice(chosen: Mapping[str, Any]) -> Iterator[str]:
    """The parameters in words."""
    for name, value in chosen.items():
        said = day(value) if isinstance(value, date) else value
        yield _CHOICES[name].format(_WORDS.get(name, {}).get(said, said))


def _line(named: Named) -> tuple[str, ...]:
    suggestion = named.suggestion
    lead = f"{named.lead}等{len(named.co) + 1}人" if named.co and named.lead else named.lead
    answered = suggestion.replied_on or suggestion.answered_on
    result = _SATISFACTION.get(suggestion.result or "", "")
    return (
        *(str(suggestion.number), suggestion.title, lead, named.handlers, _short(suggestion.assigned_on)),
        *(_short(suggestion.redo_due_on or suggestion.due_on), _short(answered)),
        *(_CLASSES.get(suggestion.class_ or "", ""), result, STATE_LABELS[suggestion.state]),
    )


def _short(on: date | None) -> str:
    return on.isoformat() if on is not None else ""


def _told(step: SuggestionStep) -> str:
    """A step as a line: 2020年3月1日交办：镇建设办（会办：镇供电所），2020年6月1日前答复."""
    parts = [
        f"{step.unit}{_with(step.co_units)}" if step.unit else "",
        step.to or "",
        _bracketed(step.reference or ""),
        _CLASSES.get(step.class_ or "", ""),
        _MET.get(step.interviewed, ""),
        f"办理态度{_SATISFACTION[step.process]}" if step.process else "",
        f"办理结果{_SATISFACTION[step.result]}" if step.result else "",
        _GROUNDS.get(step.ground or "", ""),
        step.reason or "",
        f"{step.consent_by}同意" if step.consent_by else "",
        f"{day(step.due_on)}前答复" if step.due_on else "",
    ]
    said = "，".join(part for part in parts if part)
    label = ACTION_LABELS[step.action]
    when = day(step.on) or "日期未登记"
    return f"{when}　{label}{'：' if said else ''}{said}"


_MET: Final[Mapping[bool | None, str]] = {True: "答复前与代表面商", False: "答复前没有与代表面商"}


def _rating(suggestion: Suggestion) -> str:
    rated = next((step for step in reversed(suggestion.steps) if step.action is Action.RATED), None)
    process = _SATISFACTION.get(rated.process or "", "") if rated else ""
    result = _SATISFACTION.get(rated.result or "", "") if rated else ""
    return f"办理态度：{process or BLANK}　办理结果：{result or BLANK}　{day(rated.on) if rated else ''}"


def _left(days: int) -> str:
    if days == 0:
        return "今日到期"
    return f"还有{days}天到期" if days > 0 else f"已经逾期{-days}天"


def _with(co_units: Sequence[str]) -> str:
    return f"（会办：{'、'.join(co_units)}）" if co_units else ""


def _bracketed(text: str) -> str:
    return f"（{text}）" if text else ""
