"""Sheets of the office's workbook 履职: columns, permitted values, and the field each one fills."""

from typing import Final

from services.activities.domain.activities import KIND_LABELS
from services.activities.sheets.attendance import ATTENDANCE
from services.activities.sheets.reviews import INQUIRIES, REVIEWS
from services.activities.sheets.sessions import SESSIONS
from services.activities.sheets.suggestions import CASE, HANDLING, SUGGESTIONS
from services.activities.sheets.vocabulary import VOCABULARY as VOCABULARY
from services.activities.sheets.voiding import VOID_REASON
from shared.workbook import Column, Sheet

LEVELS: Final = {"镇级": "town", "县级": "county", "市级": "city", "省级": "province"}
APPROVERS: Final = {"主席团": "presidium", "主席": "chair", "副主席": "vice_chair", "其他人": "other"}
FORMER_APPROVERS: Final = {"其他": "other"}
ACTIVITIES: Final = {label: kind.value for kind, label in KIND_LABELS.items()}
FORMER_ACTIVITIES: Final = {
    "调研": "research",
    "评议": "review",
    "培训": "training",
    "联系代表": "contact",
    "好事实事": "good_deed",
    "其他": "other",
}
PLANNED: Final = {
    **ACTIVITIES,
    "人代会": "session",
    "主席团会议": "presidium_meeting",
    "述职测评": "rating_meeting",
}
ITEM_STATES: Final = {"未完成": "planned", "已完成": "done", "已取消": "cancelled"}
CHANNELS: Final = {
    "接待选民": "reception",
    "意见单": "slip",
    "扫码": "qr",
    "走访": "visit",
    "来信": "letter",
    "电话": "phone",
    "微信": "wechat",
    "网上": "web",
    "政务热线": "hotline",
}
FORMER_CHANNELS: Final = {
    "微信群": "wechat",
    "微信公众号": "wechat",
    "网络": "web",
    "网站": "web",
    "网上留言": "web",
    "邮件": "web",
    "12345": "hotline",
    "12345热线": "hotline",
    "热线": "hotline",
    "市长热线": "hotline",
    "政务服务热线": "hotline",
    "来电": "phone",
    "信件": "letter",
    "二维码": "qr",
    "接待": "reception",
    "意见箱": "slip",
}
"""Other words of offices for the channels."""
OPINION_STATES: Final = {
    "已收到": "received",
    "已答复": "answered",
    "已转交": "forwarded",
    "已转建议": "converted",
    "已办结": "closed",
}

_RECORD: Final = "活动编号，或“人代会17-7”（届-次），或“主席团2020-1”（年-次）"

SHEETS: Final = (
    Sheet(
        "年度计划",
        (
            Column("年度", "year", "integer", required=True),
            Column("小组", "group", "integer", note="组号；全镇的计划空着"),
            Column("序号", "number", "integer", required=True, note="在本计划中的序号"),
            Column("事项", "title", required=True),
            Column("类型", "kind", "choice", choices=PLANNED, former=FORMER_ACTIVITIES),
            Column("主题", "theme"),
            Column("时限", "due_on", "date"),
            Column("推迟至", "postponed_to", "date", note="时限仍写原定日期"),
            Column("推迟原因", "postponed_reason"),
            Column("状态", "state", "choice", choices=ITEM_STATES),
            Column("完成记录", "done_by", note=_RECORD),
            Column("取消原因", "cancelled_reason"),
            Column("推迟决定日期", "postponed_on", "date", note="空着的为导入当日"),
        ),
        key=("year", "group", "number"),
    ),
    *SESSIONS,
    Sheet(
        "主席团会议",
        (
            Column("年度", "year", "integer", required=True),
            Column("次", "number", "integer", required=True, note="当年第几次"),
            Column("召开日期", "held_on", "date", required=True),
            Column("议题", "topics", "lines", note="每题一行"),
            Column("听取专项工作报告", "special_reports", "lines", note="每篇一行"),
            Column("审议意见", "opinions", "lines", note="每条一行"),
            *ATTENDANCE,
            VOID_REASON,
        ),
        key=("year", "number"),
    ),
    Sheet(
        "主席团议定事项",
        (
            Column("年度", "year", "integer", required=True),
            Column("次", "number", "integer", required=True),
            Column("事项", "text", required=True),
            Column("时限", "due_on", "date"),
            Column("完成日期", "done_on", "date"),
            Column("落实结果", "outcome"),
        ),
        key=("year", "number", "text"),
    ),
    Sheet(
        "活动",
        (
            Column("编号", "reference", required=True, note="自编，不重复，如：培2020-01"),
            Column("类型", "kind", "choice", required=True, choices=ACTIVITIES, former=FORMER_ACTIVITIES),
            Column("名称", "title", required=True),
            Column("日期", "held_on", "date", required=True),
            Column("地点", "place"),
            Column("小组", "group", "numbers", note="组号；几个小组联合开展的用顿号隔开，如：1、2"),
            Column("活动阵地", "station"),
            *ATTENDANCE,
            Column("议题", "topics", "lines"),
            Column("意见条数", "opinions_count", "integer"),
            Column("接待选民人次", "voters_count", "integer"),
            Column("点位数", "sites_count", "integer"),
            Column("涉及法律", "laws", "names"),
            Column("报告篇数", "reports_count", "integer"),
            Column("组织单位", "organiser"),
            Column("评议单位", "units", "lines", note="每个一行，如：镇卫生院：满意"),
            Column("走访户数", "households_count", "integer"),
            Column("受益人数", "beneficiaries_count", "integer"),
            Column("金额（元）", "amount_yuan", "integer"),
            Column("公告日期", "notice_on", "date", note="接待日安排公布的日期"),
            Column("转交日期", "passed_on", "date", note="意见转交有关单位研究处理的日期"),
            Column("转交单位", "passed_to"),
            Column("反馈日期", "fed_back_on", "date", note="有关单位反馈处理情况的日期"),
            Column("标签", "tags", "names", note="以前的栏目；请分别写在“中心工作”和“形式”两栏"),
            VOID_REASON,
            Column("佐证材料", "evidence", "lines", note="每份一行：系统中的材料编号，或纸质材料的名称"),
            Column(
                "不同于", "different_from", "names", note="提示可能重复而确实不是同一次的：上面各行的编号"
            ),
            Column("结束日期", "ended_on", "date", note="持续几天的写最后一天；按“日期”（第一天）计一次"),
            *CASE,
            Column("中心工作", "themes", "names", note="本年度的主题，如：乡村振兴、疫情防控"),
            Column("形式", "forms", "names", note="类型以外的形式，如：视察、座谈、走访"),
        ),
        key=("reference",),
    ),
    REVIEWS,
    INQUIRIES,
    Sheet(
        "请假审批",
        (
            Column("会议或活动", "held", required=True, note=_RECORD),
            Column("姓名", "deputy", required=True, note="已写在该次的“请假”一列"),
            Column("申请日期", "requested_on", "date"),
            Column("批准日期", "approved_on", "date", note="照实填写；晚于开会日期的作为事后批准"),
            Column("批准人", "approved_by", "choice", choices=APPROVERS, former=FORMER_APPROVERS),
        ),
        key=("held", "deputy"),
    ),
    Sheet(
        "选民意见",
        (
            Column("编号", "reference", required=True, note="自编，不重复，如：意2020-001"),
            Column("收到日期", "received_on", "date", required=True),
            Column("渠道", "channel", "choice", choices=CHANNELS, former=FORMER_CHANNELS),
            Column("活动阵地", "station"),
            Column("代表", "deputy", note="收到意见的代表"),
            Column("类别", "category"),
            Column("内容", "text", private=True),
            Column("状态", "state", "choice", choices=OPINION_STATES),
            Column("办结日期", "closed_on", "date"),
            Column("活动编号", "activity", note="在哪次接待、走访中收到"),
            Column("答复日期", "answered_on", "date"),
            Column("答复人", "answered_by", note="代表或单位"),
            Column("答复内容", "answer", private=True),
            Column("转交日期", "forwarded_on", "date"),
            Column("转交单位", "forwarded_to"),
            Column("转为建议", "suggestion", note="建议的年度和编号，如：2020-3"),
            Column("转为建议日期", "converted_on", "date"),
            VOID_REASON,
        ),
        key=("reference",),
    ),
    SUGGESTIONS,
    HANDLING,
)
