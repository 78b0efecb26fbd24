"""A year of a made-up town as a compiled report: eight printed pages with every kind of annex."""

import re
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

from services.reports.domain import (
    Excluded,
    Expectation,
    Figure,
    FigureStatus,
    Finding,
    Paragraph,
    Parked,
    RecordRef,
    Report,
    ReportStatus,
    Run,
    Section,
    Severity,
    Source,
    SourceState,
    Table,
)
from services.reports.domain.seals import MANIFEST

_COUNTS: Sequence[tuple[str, str, int, str, str]] = (
    ("congress.sessions", "人代会会议次数", 1, "次", "统计期内举行的乡镇人民代表大会会议次数。"),
    ("congress.reports_heard", "听取报告", 3, "个", "统计期内各次会议听取和审议的报告个数。"),
    ("congress.resolutions", "通过决议", 4, "项", "统计期内各次会议通过的决议项数。"),
    ("congress.expected", "人代会应到", 63, "人次", "会议当日在任的乡镇人大代表职务数之和；暂停执行职务的不计入应到。"),
    ("congress.present", "人代会实到", 61, "人次", "会议当日应到代表中实际出席的人数之和。"),
    ("presidium.meetings", "主席团会议次数", 5, "次", "统计期内举行的主席团会议次数。"),
    ("presidium.quarters_covered", "召开主席团会议的季度", 4, "个", "统计期内至少举行一次主席团会议的季度数。"),
    ("presidium.special_reports", "听取专项工作报告", 6, "个", "统计期内主席团会议听取的专项工作报告个数。"),
    ("supervision.inspections", "视察", 4, "次", "统计期内组织的视察次数。"),
    ("supervision.research", "专题调研", 3, "次", "统计期内组织的专题调研次数。"),
    ("supervision.law_checks", "执法检查", 2, "次", "统计期内组织或者参加的执法检查次数。"),
    ("deputies.town.serving", "在任镇人大代表", 63, "名", "截至统计日在任的镇人大代表职务数。"),
    ("deputies.county.serving", "在任县级人大代表", 14, "名", "截至统计日在任并编入本镇代表小组的县级人大代表职务数。"),
    ("deputies.city.serving", "在任市人大代表", 2, "名", "截至统计日在任并编入本镇代表小组的市人大代表职务数。"),
    ("groups.town", "镇人大代表小组", 4, "个", "截至统计日存在的镇人大代表小组个数。"),
    ("groups.upper", "上级人大代表小组", 1, "个", "截至统计日存在的由上级人大代表编成的小组个数。"),
    ("stations.open", "代表活动场所", 4, "处", "截至统计日开放的代表活动室和联络站处数。"),
    ("training.times", "学习培训", 23, "次", "统计期内举办的学习培训次数。"),
    ("training.person_times", "学习培训人次", 412, "人次", "各次学习培训实际参加的人数之和，同一人同一次只计一次。"),
    ("group_activities.times", "代表小组活动", 21, "次", "统计期内各代表小组开展的活动次数。"),
    ("contact.receptions", "接待选民活动", 16, "次", "统计期内在代表活动场所组织的接待选民活动次数。"),
    ("contact.voter_times", "接待选民", 187, "人次", "各次接待活动登记的选民人次之和。"),
    ("suggestions.raised", "代表建议", 26, "件", "统计期内提出的代表建议、批评和意见件数。"),
    ("suggestions.replied", "已答复建议", 24, "件", "统计期内提出、截至统计日已答复的建议件数。"),
    ("suggestions.overdue", "逾期未答复建议", 0, "件", "截至统计日超过答复期限仍未答复的建议件数。"),
    ("ratings.meetings", "述职评议会议", 3, "次", "统计期内召开并已公布结果的述职评议会议次数。"),
    ("ratings.deputies", "述职代表", 9, "名", "在上述会议上述职并接受测评的代表人数。"),
    ("ratings.issued", "发出测评票", 138, "张", "上述会议发出的测评票张数。"),
    ("ratings.returned", "收回测评票", 135, "张", "上述会议收回的测评票张数。"),
)  # fmt: skip
_HEAD = re.compile(r"(#*)[ \[]*(\w+)[ \]]*(.*)")
_NAMES = "丁马王方邓石叶冯刘江许李吴何汪张陈周郑赵胡钱徐郭黄程谢潘"
_TOPICS = (
    "整治新城村排涝沟渠",
    "增设集镇社区停车位",
    "维修太白村道路照明",
    "加强农贸市场卫生管理",
    "改善飞雁村饮用水水质",
    "扩大村级卫生室药品目录",
    "规范共享农机调度",
)
_RATES: Sequence[tuple[str, str, int, int, str]] = (
    ("congress.attendance_rate", "人代会出席率", 61, 63, "实到之和÷应到之和；请假的仍在应到之内。"),
    ("group_activities.attendance_rate", "小组活动参加率", 253, 331, "小组活动实到之和÷应到之和；未登记的不算缺席。"),
    ("suggestions.reply_rate", "建议答复率", 24, 26, "已答复件数÷已交办件数。"),
    ("ratings.satisfied_rate", "满意率", 1104, 1206, "各位述职代表得满意票之和÷各选项票数之和。"),
)  # fmt: skip


def _figures() -> Iterable[Figure]:
    for position, (id, label, value, unit, definition) in enumerate(_COUNTS):
        yield Figure(
            id=id, label=label, definition=definition, value=value, unit=unit, records=_records(position, value),
            status=FigureStatus.VALUE if value else FigureStatus.ZERO,
        )  # fmt: skip
    for id, label, numerator, denominator, definition in _RATES:
        yield Figure(
            id=id, label=label, definition=definition, value=numerator / denominator, numerator=numerator,
            denominator=denominator, status=FigureStatus.VALUE,
        )  # fmt: skip
    yield Figure(
        id="supervision.opinions", label="监督活动提出意见", unit="条", status=FigureStatus.MISSING,
        definition="视察、调研、执法检查和评议活动登记的意见条数之和。",
    )  # fmt: skip
    yield Figure(
        id="changes.by_elected", label="补选代表", unit="名", status=FigureStatus.NOT_APPLICABLE,
        definition="统计期内经补选就任的代表人数。",
    )  # fmt: skip


def _records(position: int, value: int) -> tuple[RecordRef, ...]:
    return tuple(
        RecordRef(
            source="activities", subject=f"activity/{position:02d}-{i}", version=1, sequence=position * 10 + i
        )
        for i in range(1, min(value, 4) + 1)
    )


def paragraph(id: str, template: str) -> Paragraph:
    """`{figure.id=3}` in the template is a numeral bound to its figure."""
    runs: list[Run] = []
    for position, piece in enumerate(template.replace("}", "{").split("{")):
        if position % 2:
            figure, text = piece.split("=")
            runs.append(Run(text=text, figure=figure))
        elif piece:
            runs.append(Run(text=piece))
    text = "".join(run.text for run in runs)
    return Paragraph(
        id=id, text=text, runs=tuple(runs), figures=tuple(run.figure for run in runs if run.figure)
    )


def sections(text: str) -> Iterable[Section]:
    """`[id]` or `# id heading` opens a section, every other line is a paragraph of it."""
    for block in re.split(r"\n\n+", text.strip()):
        head, *lines = block.splitlines()
        found = _HEAD.fullmatch(head)
        assert found, head
        marks, id, heading = found.groups()
        paragraphs = tuple(paragraph(f"p_{id}_{n}", line) for n, line in enumerate(lines, 1))
        yield Section(id=id, heading=heading, level=len(marks), paragraphs=paragraphs)


def _tables() -> tuple[Table, ...]:
    attendance = Table(
        id="attendance",
        caption="镇人大代表出席和参加活动情况表",
        header=("姓名", "代表小组", "人代会", "主席团会议", "学习培训", "小组活动", "监督活动", "接待选民"),
        rows=tuple(
            (
                f"{surname}示例{i:02d}",
                f"第{'一二三四'[i % 4]}小组",
                "出席" if i % 9 else "请假",
                "—" if i % 5 else "4/5",
                str(5 + i % 7),
                f"{3 + i % 3}/5",
                str(i % 4),
                str(1 + i % 2),
            )
            for i, surname in enumerate(_NAMES, 1)
        ),
    )  # fmt: skip
    suggestions = Table(
        id="suggestions",
        caption="代表建议、批评和意见办理情况表",
        header=("编号", "标题", "领衔代表", "承办单位", "交办日期", "答复日期", "类别", "结果"),
        rows=tuple(
            (
                str(i),
                f"关于{topic}的建议",
                f"{_NAMES[i]}示例{i + 1:02d}",
                "镇农业综合服务站" if i % 2 else "镇人民政府办公室",
                "6月20日",
                f"{8 + i % 3}月{i + 3}日" if i % 6 else "未答复",
                "ABC"[i % 3],
                "满意" if i % 3 else "基本满意",
            )
            for i, topic in enumerate(_TOPICS, 1)
        ),
    )  # fmt: skip
    ratings = Table(
        id="ratings",
        caption="代表述职测评结果汇总表",
        header=("项目", "张数或比例"),
        rows=(("发出", "138"), ("收回", "135"), ("满意率", "91.5%")),
        figures=((None, "ratings.issued"), (None, "ratings.returned"), (None, "ratings.satisfied_rate")),
    )
    return attendance, suggestions, ratings


def _sources() -> tuple[Source, ...]:
    return (
        Source(source="roster", state=SourceState.SEALED, head=231, hash="3f" * 32, counted=84, counts={
            "town": 1, "person": 71, "deputyship": 79, "group": 5, "station": 4, "constituency": 21}),
        Source(source="activities", state=SourceState.SEALED, head=188, hash="a9" * 32, counted=97, counts={
            "plan": 5, "session": 1, "presidium_meeting": 5, "activity": 69, "opinion": 12, "suggestion": 26},
            excluded=(
                Excluded(subject="activity/0193b2a0-7f00-7000-8000-000000000017", reason="已作废：重复登记"),
                Excluded(subject="suggestion/0193b2a0-7f00-7000-8000-000000000031", reason="提出日期在统计期外"),
            )),
        Source(source="ratings", state=SourceState.SEALED, head=40, hash="07" * 32, counted=15, counts={
            "scheme": 1, "meeting": 3, "duty_report": 9}),
    )  # fmt: skip


def report(**changes: object) -> Report:
    """The sample; `changes` replace fields of the report."""
    whole = Report(
        manifest=MANIFEST,
        id="340281199-2020",
        town="340281199",
        year=2020,
        version=3,
        status=ReportStatus.DRAFT,
        as_of=date(2020, 12, 7),
        title="示例镇2020年人大工作总结",
        sections=tuple(sections(Path(__file__).with_name("sample.txt").read_text("utf-8"))),
        tables=_tables(),
        sources=_sources(),
        figures=tuple(_figures()),
        findings=(
            Finding(
                id="f1",
                rule="training.coverage",
                severity=Severity.WARN,
                message="3名镇人大代表全年没有学习培训记录。",
                basis="代表法（2025）第四十七条",
            ),
            Finding(id="f2", rule="activity.opinions", severity=Severity.INFO, message="2次视察未登记意见条数。"),
        ),
        expectations=(
            Expectation(
                id="presidium.quarter:3", rule="presidium.quarter", label="第三季度主席团会议",
                expected=1, recorded=0, missing=1, unit="次", basis="省级乡镇人大工作条例",
            ),
            Expectation(
                id="group.plan:1", rule="group.plan", label="第一代表小组的年度计划",
                expected=1, recorded=1, missing=0, unit="份", basis="各代表小组年初有活动计划",
            ),
        ),
        parked=(
            Parked(service="activities", source="/340281199/roster", sequence=17, type="roster.person.changed.v2",
                reason="UnknownMajor"),
        ),
        signature="示例镇人民代表大会主席团",
        signed_on=date(2020, 12, 7),
    )  # fmt: skip
    return whole.model_copy(update=changes)
