"""Sheets of sessions of the congress and of their parts: what was heard, decided and elected, and by how many votes."""

from typing import Final

from services.activities.sheets.attendance import ATTENDANCE
from services.activities.sheets.voiding import VOID_REASON
from shared.workbook import Column, Sheet

REPORTS: Final = {
    "政府工作报告": "government",
    "主席团工作报告": "presidium",
    "财政预算报告": "budget",
    "其他": "other",
}
PROPOSED_BY: Final = {"代表联名": "deputies", "主席团": "presidium", "镇人民政府": "government"}
NOMINATED_BY: Final = {"主席团": "presidium", "代表联名": "deputies"}
QUESTIONS: Final = {"质询案": "interpellation", "询问": "inquiry"}
ASKED: Final = (
    Column("被问单位", "unit", required=True),
    Column("问题", "text", required=True),
)
ANSWERED: Final = (
    Column("答复", "answer"),
    Column("答复日期", "answered_on", "date"),
    Column("答复人", "answered_by"),
    Column("承诺", "promise", note="承诺的整改或者办理事项"),
    Column("承诺时限", "due_on", "date"),
    Column("落实日期", "done_on", "date"),
)
_AGAINST: Final = (
    Column("反对票", "against", "integer"),
    Column("弃权票", "abstained", "integer"),
)
_BALLOTS: Final = (
    Column("发出选票", "issued", "integer"),
    Column("收回选票", "returned", "integer"),
    Column("有效选票", "valid", "integer"),
)
_SESSION: Final = (
    Column("届", "congress_number", "integer", required=True),
    Column("次", "session_number", "integer", required=True),
)

SESSIONS: Final = (
    Sheet(
        "人代会",
        (
            *_SESSION,
            Column("通知日期", "notice_on", "date"),
            Column("材料送达日期", "papers_on", "date"),
            Column("原定日期", "planned_on", "date"),
            Column("推迟原因", "postponed_reason"),
            Column("召开日期", "held_on", "date", required=True),
            Column("闭会日期", "ended_on", "date"),
            Column("议程", "agenda", "lines", note="每项一行"),
            *ATTENDANCE,
            Column("列席人数", "observers", "integer"),
            Column("民生实事应选项数", "to_choose", "integer", note="每张票最多选几项"),
            Column("民生实事发出票", "issued", "integer"),
            Column("民生实事收回票", "returned", "integer"),
            Column("民生实事有效票", "valid", "integer"),
            VOID_REASON,
        ),
        key=("congress_number", "session_number"),
    ),
    Sheet(
        "人代会报告",
        (
            *_SESSION,
            Column("报告名称", "title", required=True),
            Column("类型", "kind", "choice", choices=REPORTS),
            Column("是否通过", "adopted", "flag"),
            Column("赞成票", "votes", "integer"),
            *_AGAINST,
            Column("公开日期", "published_on", "date", note="批准的预算、预算调整、决算向社会公开的日期"),
        ),
        key=("congress_number", "session_number", "title"),
    ),
    Sheet(
        "人代会决议",
        (
            *_SESSION,
            Column("决议名称", "title", required=True),
            Column("赞成票", "votes", "integer"),
            *_AGAINST,
        ),
        key=("congress_number", "session_number", "title"),
    ),
    Sheet(
        "人代会选举",
        (
            *_SESSION,
            Column("职务", "post", required=True),
            Column("当选人", "name", required=True),
            Column("候选人数", "candidates", "integer"),
            *_BALLOTS,
            Column("赞成票", "votes", "integer"),
            *_AGAINST,
            Column("另选他人票", "others", "integer"),
            Column("提名人", "nominated_by", "choice", choices=NOMINATED_BY),
            Column("联名代表", "nominators", "names", note="十名以上代表联名"),
        ),
        key=("congress_number", "session_number", "post", "name"),
    ),
    Sheet(
        "人代会接受辞职",
        (
            *_SESSION,
            Column("职务", "post", required=True, note="主席、副主席、镇长、副镇长；代表辞职写在名册"),
            Column("辞职人", "name", required=True),
            Column("提出日期", "requested_on", "date"),
            Column("赞成票", "votes", "integer"),
            *_AGAINST,
        ),
        key=("congress_number", "session_number", "post", "name"),
    ),
    Sheet(
        "人代会罢免案",
        (
            *_SESSION,
            Column("职务", "post", required=True),
            Column("被提出罢免人", "name", required=True),
            Column("提出人", "proposed_by", "choice", choices=NOMINATED_BY),
            Column("联名代表", "proposers", "names", note="全体代表五分之一以上联名"),
            Column("是否通过", "passed", "flag"),
            *_BALLOTS,
            Column("赞成票", "votes", "integer"),
            *_AGAINST,
        ),
        key=("congress_number", "session_number", "post", "name"),
    ),
    Sheet(
        "人代会议案",
        (
            *_SESSION,
            Column("议案名称", "title", required=True),
            Column("提出人", "proposed_by", "choice", choices=PROPOSED_BY),
            Column("联名代表", "proposers", "names", note="五名以上代表联名"),
            Column("列入议程", "on_agenda", "flag"),
        ),
        key=("congress_number", "session_number", "title"),
    ),
    Sheet(
        "质询和询问",
        (
            *_SESSION,
            Column("类别", "kind", "choice", choices=QUESTIONS, note="空着的为询问"),
            *ASKED,
            Column("提出代表", "askers", "names", note="质询案须十名以上代表联名"),
            *ANSWERED,
            Column("不满意人数", "dissatisfied", "integer", note="对答复不满意的提质询案的代表"),
            Column("再次答复日期", "answered_again_on", "date"),
        ),
        key=("congress_number", "session_number", "unit", "text"),
    ),
    Sheet(
        "民生实事",
        (
            *_SESSION,
            Column("项目", "title", required=True, note="票决的候选项目，一行一个"),
            Column("年度", "year", "integer", note="哪一年办；空着的为会议当年"),
            Column("得票", "votes", "integer"),
            Column("是否选定", "chosen", "flag"),
            Column("承办单位", "unit"),
            Column("进展", "progress"),
            Column("完成日期", "done_on", "date"),
            Column("测评日期", "rated_on", "date"),
            Column("满意票", "satisfied", "integer"),
            Column("基本满意票", "basically_satisfied", "integer"),
            Column("不满意票", "dissatisfied", "integer"),
            Column("弃权票", "abstained", "integer"),
        ),
        key=("congress_number", "session_number", "title"),
    ),
    Sheet(
        "人代会列席",
        (
            *_SESSION,
            Column("类别", "kind", required=True, note="如：县级代表、部门负责人、村居干部、旁听选民"),
            Column("人数", "count", "integer", required=True),
        ),
        key=("congress_number", "session_number", "kind"),
    ),
)

PARTS: Final = {
    "人代会报告": "reports",
    "人代会决议": "resolutions",
    "人代会选举": "elections",
    "人代会接受辞职": "resignations_accepted",
    "人代会罢免案": "removals",
    "人代会议案": "motions",
    "人代会列席": "observer_kinds",
    "质询和询问": "questions",
    "民生实事": "livelihood_projects",
}
"""Sheets of parts of a session: the field that the rows fill."""


def key_of(sheet: str) -> tuple[str, ...]:
    """Columns that distinguish the parts of one session."""
    return tuple(field for field in _BY_NAME[sheet].key if field not in _TERM)


def names_of(sheet: str) -> tuple[str, ...]:
    """Columns of deputies."""
    return tuple(column.field for column in _BY_NAME[sheet].columns if column.kind == "names")


_TERM: Final = tuple(column.field for column in _SESSION)
_BY_NAME: Final = {sheet.name: sheet for sheet in SESSIONS}
