"""Sheets of the office's workbook 测评: columns, permitted values, and the field each one fills."""

from typing import Final

from shared.workbook import Column, Sheet, Vocabulary

OPTIONS: Final = {
    "满意": "satisfied",
    "基本满意": "basically_satisfied",
    "不满意": "dissatisfied",
    "不了解": "unknown",
    "优秀": "excellent",
    "称职": "competent",
    "基本称职": "basically_competent",
    "不称职": "incompetent",
}
FORMULAS: Final = {
    "满意÷各选项合计": "satisfied_over_options",
    "满意和基本满意÷各选项合计": "satisfied_or_basically_over_options",
    "满意÷有效票": "satisfied_over_valid",
    "首选项÷有效票，按等次线": "thresholds",
    "得票最多的选项定等次": "most_voted",
    "按分值计分": "weighted",
}
TIES: Final = {"取低一等": "lower", "不定等次": "none"}
SILENT: Final = {"不计分": "none", "按其余群体计": "renormalised"}
METHODS: Final = {"纸质": "paper", "扫码": "online", "纸质和扫码并用": "mixed"}
FORMER_METHODS: Final = {"纸质和扫码": "mixed"}
STATES: Final = {"筹备中": "draft", "测评中": "open", "已结束": "closed", "已公布": "published"}
FORMER_STATES: Final = {"已封存": "closed"}
FORMS: Final = {"口头述职": "oral", "书面述职": "written"}
FORMER_FORMS: Final = {"口头": "oral", "书面": "written"}
LEVELS: Final = {"镇级": "town", "县级": "county", "市级": "city", "省级": "province"}

SCHEMES: Final = Sheet(
    "评议办法",
    (
        Column("名称", "name", required=True),
        Column(
            "选项",
            "options",
            "noted",
            note=f"由好到差，用顿号隔开，只用：{'、'.join(OPTIONS)}；有分值的写在括号里，如：优秀（100）",
        ),
        Column("计算公式", "formula", "choice", choices=FORMULAS),
        Column("最少参评人数", "min_raters", "integer"),
        Column("最少公布票数", "min_published", "integer"),
        Column("等次线", "thresholds", "names", note="百分数，由高到低，比选项少一个或更多，如：80、50"),
        Column("票数相同时", "ties", "choice", choices=TIES),
        Column(
            "评议群体", "groups", "noted", note="群体（权重），权重合计100，如：选民代表（70）、代表（30）"
        ),
        Column("有群体未评时", "silent_group", "choice", choices=SILENT),
        Column("评议项目", "dimensions", "names", note="每名代表分几项评的，如：参加活动、联系选民"),
    ),
    key=("name",),
)
MEETINGS: Final = Sheet(
    "述职测评会",
    (
        Column("编号", "reference", required=True, note="自编，不重复，如：述2020-1"),
        Column("日期", "held_on", "date", required=True),
        Column("选区", "constituency"),
        Column("述职代表", "deputies", "names", required=True),
        Column("评议办法", "scheme", required=True),
        Column("方式", "method", "choice", choices=METHODS, former=FORMER_METHODS),
        Column("应邀人数", "invited", "integer"),
        Column("到会人数", "present", "integer"),
        Column(
            "状态",
            "state",
            "choice",
            choices=STATES,
            former=FORMER_STATES,
            note="“已公布”要等两遍计票录齐后才生效；扫码、并用的只能填“筹备中”或现在的状态",
        ),
        Column("监票人", "scrutineers", "names", note="印在计票表上"),
        Column("年度", "year", "integer", note="属于哪一年；空着的为开会当年"),
        Column(
            "主持计票人",
            "presiding",
            note="扫码、并用的由此人开始、结束和公布，填登录凭证上的名字；不能是印票、计票的人",
        ),
        Column(
            "计划项目",
            "plan_item_id",
            note="年度计划里的年度-序号，小组的计划写年度-组号-序号，如：2020-12；测评会开过即为完成",
        ),
        Column(
            "作废原因", "void_reason", note="登记有误的记录不删除，写明原因；印过扫码票、计过票的不能作废"
        ),
    ),
    key=("reference",),
)
DUTY_REPORTS: Final = Sheet(
    "述职报告",
    (
        Column("会议编号", "meeting", required=True),
        Column("姓名", "deputy", required=True),
        Column("形式", "form", "choice", choices=FORMS, former=FORMER_FORMS),
        Column("述职内容", "text"),
        Column("存在不足", "shortcomings"),
        Column("学习宣传", "study", note="学习和宣传法律、决议"),
        Column("会议期间履职", "at_sessions"),
        Column("闭会期间履职", "between_sessions"),
        Column("联系选民", "with_voters", note="联系选民、办实事"),
    ),
    key=("meeting", "deputy"),
)
_COUNTS: Final = (
    Column("会议编号", "meeting", required=True),
    Column("姓名", "deputy", required=True),
    Column("发出", "issued", "integer", required=True, note="整场会议（分群体的为本群体）的张数，各行相同"),
    Column("收回", "returned", "integer", required=True, note="整场会议（分群体的为本群体）的张数，各行相同"),
    Column("废票", "void", "integer", required=True, note="整场会议（分群体的为本群体）的张数，各行相同"),
    *(Column(word, code, "integer") for word, code in OPTIONS.items()),
    Column("弃权", "abstain", "integer"),
    Column("划错", "spoiled", "integer", note="在这名代表的格中打了两个勾的票"),
    Column("评议项目", "dimension", note="分项评议的，每项一行"),
    Column("评议群体", "group", note="分群体评议的，每个群体一行"),
)
_PLACE: Final = ("meeting", "deputy", "dimension", "group")
FIRST: Final = Sheet("计票（第一遍）", _COUNTS, key=_PLACE)
SECOND: Final = Sheet("计票（第二遍）", _COUNTS, key=_PLACE)
SHEETS: Final = (SCHEMES, MEETINGS, DUTY_REPORTS, FIRST, SECOND)

VOCABULARY: Final = Vocabulary(
    usual={"编号": "（自动编号）", "会议编号": "（请填写）", "评议办法": "（请填写）"},
    sheets={
        "述职测评会": ("述职评议会", "测评会", "述职会", "述职评议"),
        "述职报告": ("述职", "代表述职"),
        "计票（第一遍）": ("第一遍计票", "计票1", "计票一"),
        "计票（第二遍）": ("第二遍计票", "计票2", "计票二"),
    },
    headers={
        "述职代表": ("代表", "述职人", "代表姓名", "被评议代表"),
        "姓名": ("代表姓名", "述职代表", "代表"),
        "到会人数": ("实到人数", "参加人数", "参评人数"),
        "应邀人数": ("应到人数", "邀请人数"),
        "发出": ("发出票数", "发票数", "发出票"),
        "收回": ("收回票数", "收回票"),
        "废票": ("无效", "无效票", "无效票数"),
        "划错": ("填错",),
        "弃权": ("弃权票",),
        "会议编号": ("测评会编号", "会议"),
    },
    words={
        "口头述职": ("口头", "当面述职", "现场述职"),
        "书面述职": ("书面",),
        "纸质": ("纸质票", "纸票"),
        "扫码": ("线上", "手机", "二维码"),
        "已公布": ("公布",),
        "筹备中": ("筹备", "未开始"),
    },
)
