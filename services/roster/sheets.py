"""Sheets of the office's workbook 名册: columns, permitted values, and the field each one fills."""

from typing import Final

from shared.workbook import Column, Sheet

LEVELS: Final = {"镇级": "town", "县级": "county", "市级": "city", "省级": "province"}
GENDERS: Final = {"男": "m", "女": "f"}
STATION_KINDS: Final = {"活动室": "activity_room", "联络站": "liaison"}
GROUP_LEVELS: Final = {"镇级": "town", "上级": "upper"}
STARTED_BY: Final = {"选举": "election", "补选": "by_election"}
SUSPENSIONS: Final = {"刑事羁押": "criminal_detention", "服刑": "serving_sentence"}
ROLES: Final = {"主席": "chair", "副主席": "vice_chair", "主席团成员": "presidium", "组长": "group_leader"}
END_REASONS: Final = {
    "迁出或者调离": "moved_away",
    "辞职": "resigned",
    "责令辞职": "ordered_resignation",
    "未经批准两次不出席会议": "absent_twice",
    "罢免": "recalled",
    "丧失国籍": "lost_nationality",
    "剥夺政治权利": "deprived_of_rights",
    "丧失行为能力": "lost_capacity",
    "去世": "died",
    "任期届满": "term_over",
    "区划调整": "area_abolished",
}
FORMER_END_REASONS: Final = {"迁出或调离": "moved_away", "两次未出席": "absent_twice"}

SHEETS: Final = (
    Sheet(
        "镇情况",
        (
            Column("区划代码", "code", required=True, note="9 位，文本"),
            Column("镇名称", "name", required=True),
            Column("县（市、区）", "county_name"),
            Column("设区的市", "city_name"),
            Column("届次", "congress_number", "integer", note="第十七届填 17"),
            Column("代表名额", "quota", "integer"),
            Column("人口", "population", "integer"),
            Column("更名日期", "on", "date", note="镇、县、市更名的，填自哪天起用新名；写错更正的空着"),
            Column("撤销日期", "abolished_on", "date", note="合并、拆分、撤销或者改用新代码之日"),
            Column("后继区划代码", "successor_codes", "names", note="并入或者改用的代码，用顿号隔开"),
            Column("原区划代码", "predecessor_codes", "names", note="由哪些镇合并而来，或者以前的代码"),
        ),
        key=("code",),
    ),
    Sheet(
        "镇名沿革",
        (
            Column("截止日期", "until", "date", required=True, note="从这一天起不再用这些名称"),
            Column("镇名称", "name", required=True),
            Column("县（市、区）", "county_name"),
            Column("设区的市", "city_name"),
        ),
        key=("until",),
    ),
    Sheet(
        "活动阵地",
        (
            Column("名称", "name", required=True),
            Column("类型", "kind", "choice", required=True, choices=STATION_KINDS),
            Column("地址", "address"),
            Column("服务范围", "serves", "names", note="村、社区、单位，用顿号隔开"),
            Column("启用日期", "opened_on", "date"),
            Column("接待日", "reception_day", note="如：每月15日"),
            Column("停用日期", "closed_on", "date"),
            Column("上墙制度", "rules", "names", note="用顿号隔开"),
        ),
        key=("name",),
    ),
    Sheet(
        "选区",
        (
            Column("名称", "name", required=True),
            Column("应选名额", "seats", "integer"),
            Column("选民数", "voters", "integer"),
            Column("包含村居", "villages", "names"),
        ),
        key=("name",),
    ),
    Sheet(
        "届次",
        (
            Column("届次", "congress_number", "integer", required=True, note="第十七届填 17"),
            Column("起始日期", "started_on", "date", required=True, note="本届第一次会议举行之日"),
            Column("届满日期", "ended_on", "date", note="下届第一次会议举行之日"),
            Column("代表名额", "quota", "integer"),
            Column("人口", "population", "integer"),
        ),
        key=("congress_number",),
    ),
    Sheet(
        "机构和经费",
        (
            Column("年度", "year", "integer", required=True),
            Column("工作人员", "staff", "integer", note="人数"),
            Column("其中专职", "full_time_staff", "integer"),
            Column("经费预算", "funds_budgeted", "integer", note="元"),
            Column("经费支出", "funds_spent", "integer", note="元"),
        ),
        key=("year",),
    ),
    Sheet(
        "补选",
        (
            Column("选区", "constituency", required=True),
            Column("投票日", "held_on", "date", required=True),
            Column("届次", "congress_number", "integer"),
            Column("应选名额", "seats", "integer"),
            Column("选民数", "voters", "integer"),
            Column("参加投票人数", "votes_cast", "integer"),
            Column("另行选举", "rerun", "flag"),
            Column("候选人", "name", note="每人一行，前面各栏照填；含另选他人"),
            Column("得票", "votes", "integer"),
            Column("当选", "elected", "flag"),
        ),
        key=("constituency", "held_on", "name"),
    ),
    Sheet(
        "代表小组",
        (
            Column("组号", "number", "integer", required=True),
            Column("名称", "name"),
            Column("层级", "level", "choice", required=True, choices=GROUP_LEVELS),
            Column("活动阵地", "station", note="“活动阵地”表中的名称"),
            Column("上墙制度", "rules", "names", note="用顿号隔开"),
            Column("成立日期", "formed_on", "date"),
            Column("撤销日期", "dissolved_on", "date"),
        ),
        key=("number",),
    ),
    Sheet(
        "人员",
        (
            Column("姓名", "name", required=True, note="同名的人加括号区分，如：王强（新城村）"),
            Column("性别", "gender", "choice", choices=GENDERS),
            Column("出生年份", "born_year", "integer"),
            Column("民族", "ethnicity"),
            Column("政治面貌", "party"),
            Column("学历", "education"),
            Column("职业", "occupation"),
            Column("手机号", "phone", note="文本"),
            Column("身份证号", "id_number", note="文本，18 位"),
            Column("编号", "reference", note="系统给的编号，或者自编的；姓名改了也凭它找到这个人"),
            Column("原姓名", "previous_name", note="姓名有改动的，填系统中现在的姓名"),
            Column("改名日期", "renamed_on", "date", note="依法更名的填自哪天起用新名；写错更正的空着"),
            Column("曾用名", "former_names", "noted", note="括号内写用到哪天之前，如：王某（2019-05-01）"),
            Column("并入", "merge_into", note="重复登记的，填留下的那一条的编号或者姓名"),
            Column("不同于", "different_from", "names", note="提示可能是同一人而确实不是的：上面各行的编号"),
        ),
        key=("name",),
    ),
    Sheet(
        "代表资格",
        (
            Column("姓名", "person", required=True, note="“人员”表中的姓名"),
            Column("层级", "level", "choice", required=True, choices=LEVELS),
            Column("届次", "congress_number", "integer", note="第十七届填 17"),
            Column("选区或选举单位", "constituency"),
            Column("产生方式", "started_by", "choice", choices=STARTED_BY),
            Column("任职日期", "started_on", "date", required=True),
            Column("小组", "group", "integer", note="组号"),
            Column(
                "职务", "roles", "names", choices=ROLES, note="主席、副主席、主席团成员、组长，用顿号隔开"
            ),
            Column("终止日期", "ended_on", "date", note="仍在任的空着；终止当日起不再是代表"),
            Column("终止原因", "ended_reason", "choice", choices=END_REASONS, former=FORMER_END_REASONS),
            Column("补选投票日", "elected_on", "date", note="“补选”表中该选区的投票日"),
            Column("提出辞职日期", "requested_on", "date"),
            Column("接受辞职日期", "accepted_on", "date", note="镇人民代表大会接受之日"),
            Column("接受辞职的会议", "accepted_by_session"),
            Column("暂停日期", "suspended_on", "date", note="暂停执行代表职务；有多次的写最近一次"),
            Column("暂停原因", "suspended_for", "choice", choices=SUSPENSIONS),
            Column("恢复日期", "resumed_on", "date", note="仍在暂停的空着"),
            Column("来自单位", "from_unit", note="推选该代表的单位"),
            Column("调整日期", "changed_on", "date", note="小组或职务有变动的，从哪天起；空着的为导入当日"),
            Column("编号", "reference", note="系统给的编号，或者自编的；任职日期等改了也凭它找到这一条"),
            Column("作废原因", "void_reason", note="误登记的代表资格不删除，写明原因"),
        ),
        key=("person", "level", "started_on"),
    ),
    Sheet(
        "编组和任职",
        (
            Column("姓名", "person", required=True, note="“人员”表中的姓名"),
            Column("层级", "level", "choice", required=True, choices=LEVELS),
            Column("任职日期", "started_on", "date", required=True, note="“代表资格”表中的任职日期"),
            Column("小组", "group", "integer", note="组号；与职务填其中一项"),
            Column("职务", "role", "choice", choices=ROLES),
            Column("起始日期", "from_on", "date", required=True),
            Column("结束日期", "to_on", "date", note="当日起不再是；仍是的、到代表资格终止为止的空着"),
        ),
        key=("person", "level", "started_on", "group", "role", "from_on"),
    ),
)
