"""The other town's year: plan, congress sessions, presidium meetings and activities of every kind."""

from typing import Any

from tests.e2e.contract_book import Book
from tests.e2e.contract_client import Client

PLAN = [
    {"title": "第一小组集中学习", "kind": "group_activity", "due_on": "2024-03-31", "theme": "学习"},
    {"title": "视察农贸市场", "kind": "inspection", "due_on": "2024-04-30", "theme": "民生"},
    {"title": "代表培训", "kind": "training", "due_on": "2024-08-15"},
    {"title": "接待选民", "kind": "reception", "due_on": "2024-06-30"},
    {"title": "调研", "kind": "research", "due_on": "2024-07-01"},
    {"title": "年末小组活动", "kind": "group_activity", "due_on": "2024-12-10"},
]
VOID = "重复登记"

# kind, day, attendance (present / on leave / absent), more fields
ACTIVITIES: list[tuple[str, str, tuple[str, ...], dict[str, Any]]] = [
    ("group_activity", "2024-03-15", ("t1 t2 t3", "t4", "t6"), {"group": "g1", "topics": ["人居环境"]}),
    ("group_activity", "2024-06-28", ("t1 t2 t5 t14 t16", "", "t4"), {"group": "g1"}),
    ("group_activity", "2024-05-05", ("t8 t10 t14", "t11 t12"), {"group": "g2"}),
    ("group_activity", "2024-04-18", ("c1 c2", "c3"), {"group": "g4"}),
    ("group_activity", "2024-07-02", ("t17 t18 t19", "", "t20"), {}),
    ("group_activity", "2024-08-01", ("t1 t2 t6", "t3"), {"group": "g1"}),  # t6 is suspended, and came
    ("group_activity", "2024-12-02", ("t16 t17 t18 t21", "t19", "t20"), {"group": "g3"}),
    ("group_activity", "2024-04-01", ("t8 t10",), {"group": "g2", "void": True}),
    ("group_activity", "2023-12-20", ("t1 t2 t3",), {"group": "g1"}),
    ("inspection", "2024-04-25", ("t1 c1 t2 t8",), {"sites_count": 3, "opinions_count": 4}),
    ("inspection", "2024-08-15", ("t3 c3 c2 z1",), {"sites_count": 2, "opinions_count": 1}),
    ("inspection", "2024-08-16", ("t3 t4",), {"opinions_count": 9}),
    ("inspection", "2024-05-09", ("t3 t4",), {"opinions_count": 9, "void": True}),
    ("research", "2024-07-11", ("t11 t12 t13",), {"reports_count": 1, "opinions_count": 5}),
    ("law_check", "2024-05-16", ("t2 t10 t17",), {"laws": ["水污染防治法"], "opinions_count": 2}),
    ("review", "2024-06-04", ("t1 t4 t18 t20", "t19"), {"tags": ["派出所"]}),
    ("training", "2024-02-26", ("t1 c1 t2 t10 c3", "t4"), {"topics": ["代表法"]}),
    ("training", "2024-07-08", ("t2 t11 t12 z1 t6 t21",), {"place": "县委党校"}),
    ("training", "2024-10-20", ("t13 t14 t15 t16 t22",), {}),
    ("training", "2024-03-03", ("t17 t18 t19 t20",), {"void": True}),
    ("reception", "2024-01-01", ("t1 t3",), {"station": "s1", "voters_count": 7, "opinions_count": 3}),
    ("reception", "2024-05-15", ("t10 c2",), {"station": "s2", "voters_count": 11, "opinions_count": 6}),
    ("reception", "2024-11-15", ("t14",), {"station": "s3", "voters_count": 5}),
    ("visit", "2024-02-02", ("t1",), {"voters_count": 4}),
    ("visit", "2024-06-06", ("t17 t18",), {"voters_count": 9}),
    ("contact", "2024-06-07", ("t1 t2",), {}),
    ("good_deed", "2024-06-09", ("t20",), {"tags": ["助学"], "title": "资助学生"}),
    ("inspection", "2024-09-10", ("t13",), {"title": "补做的调研"}),
    ("other", "2024-06-12", ("t19",), {}),
]
KINDS = {
    "group_activity": "小组活动", "inspection": "视察", "research": "调研", "law_check": "执法检查",
    "review": "评议", "training": "培训", "reception": "接待选民", "visit": "走访", "contact": "联系代表",
    "good_deed": "办实事", "other": "其他",
}  # fmt: skip


async def keep_year(office: Client, book: Book) -> None:
    await sessions(office, book)
    await presidium(office, book)
    await activities(office, book)
    await plans(office, book)


async def sessions(office: Client, book: Book) -> None:
    serving = "t1 t2 t3 t4 t5 t6 t8 t10 t11 t12 t13 t14 t15 t16 t17"
    for body in (
        {
            "congress_number": 18,
            "session_number": 3,
            "planned_on": "2024-01-10",
            "postponed_reason": "雨雪冰冻天气",
            "held_on": "2024-01-24",
            "ended_on": "2024-01-25",
            "reports": [
                {"title": "政府工作报告", "kind": "government", "adopted": True},
                {"title": "主席团工作报告", "kind": "presidium", "adopted": True},
                {"title": "2023年预算执行情况和2024年预算草案的报告", "kind": "budget", "adopted": True},
                {"title": "环境状况报告", "kind": "other", "adopted": True},
            ],
            "resolutions": [{"title": f"关于{name}的决议"} for name in ("政府", "主席团", "预算")],
            "elections": [{"post": "副镇长", "name": "丁一", "votes": 15}],
            "attendance": book.attendance(f"{serving} t7", "t18 t19"),  # t20 is not recorded
            "observers": 14,
        },
        {
            "congress_number": 18,
            "session_number": 4,
            "held_on": "2024-07-18",
            "ended_on": "2024-07-18",
            "reports": [
                {"title": "上半年政府工作报告", "kind": "government", "adopted": True},
                {"title": "2023年决算报告", "kind": "budget", "adopted": True},
            ],
            "resolutions": [{"title": "关于批准2023年决算的决议"}],
            "elections": [],
            "attendance": book.attendance(serving, "t18 t19 t20", "t21"),
            "observers": 9,
        },
    ):
        made = await office.post("activities", "/sessions", body)
        book.sessions.append(body | {"id": made["id"]})


async def presidium(office: Client, book: Book) -> None:
    """Three quarters of four: none meets from July to September."""
    for body in (
        {
            "number": 1,
            "held_on": "2024-02-20",
            "topics": ["年度工作要点", "代表活动计划"],
            "special_reports": [],
            "opinions": [],
            "decisions": [{"text": "印发要点", "due_on": "2024-03-01", "done_on": "2024-02-28"}],
            "attendance": book.attendance("t1 t2 t3 t4", "t11"),
        },
        {
            "number": 2,
            "held_on": "2024-03-28",
            "topics": ["交办建议"],
            "special_reports": ["上年建议办理情况"],
            "opinions": ["按期答复"],
            "decisions": [],
            "attendance": book.attendance("t1 t3 t4 t11", "", "t2"),
        },
        {
            "number": 3,
            "held_on": "2024-05-21",
            "topics": ["农贸市场", "污水管网", "养老"],
            "special_reports": ["农贸市场改造", "养老服务"],
            "opinions": ["加快进度", "公开账目", "增设扶手"],
            "decisions": [{"text": "跟踪督办", "due_on": "2024-09-30"}],
            "attendance": book.attendance("t1 t2 t3 t4 t11 t12"),
        },
        {
            "number": 4,
            "held_on": "2024-11-12",
            "topics": ["年末工作"],
            "attendance": book.attendance("t1 t2 t3 t4 t12"),
        },
    ):
        made = await office.post("activities", "/presidium_meetings", body)
        book.presidium.append({"topics": [], "special_reports": [], "opinions": [], **body, "id": made["id"]})


async def activities(office: Client, book: Book) -> None:
    for kind, day, told, more in ACTIVITIES:
        fields = dict(more)
        group, station, void = (fields.pop(key, None) for key in ("group", "station", "void"))
        body = {
            "kind": kind,
            "title": f"{KINDS[kind]}（{day}）",
            "held_on": day,
            "place": "镇域内",
            "attendance": book.attendance(*told),
            **fields,
        }
        if group:
            body["group_id"] = book.groups[group][0]
        if station:
            body["station_id"] = book.stations[station][0]
        made = await office.post("activities", "/activities", body)
        if void:
            await office.post("activities", f"/activities/{made['id']}:void", {"reason": VOID})
        book.activities.append(body | {"id": made["id"], "voided": bool(void), "group_id": group})


async def plans(office: Client, book: Book) -> None:
    town = await office.post("activities", "/plans", {"year": 2024, "items": PLAN[:5]})
    group = await office.post(
        "activities", "/plans", {"year": 2024, "group_id": book.groups["g3"][0], "items": PLAN[5:]}
    )
    items = [(town["id"], item) for item in town["items"]] + [(group["id"], item) for item in group["items"]]
    done = {
        "第一小组集中学习": ("group_activity", "2024-03-15"),
        "视察农贸市场": ("inspection", "2024-04-25"),
        "调研": ("inspection", "2024-09-10"),  # due before the middle of the year, done after it
        "年末小组活动": ("group_activity", "2024-12-02"),
    }
    for plan, item in items:
        path = f"/plans/{plan}/items/{item['id']}"
        kept = {"due_on": item["due_on"], "state": "planned", "done_on": ""}
        if found := done.get(item["title"]):
            activity = next(a for a in book.activities if (a["kind"], a["held_on"]) == found)
            await office.post("activities", f"{path}:done", {"activity_id": activity["id"]})
            kept |= {"state": "done", "done_on": found[1]}
        elif item["title"] == "接待选民":
            await office.post("activities", f"{path}:cancelled", {"reason": "并入联络站日"})
            kept["state"] = "cancelled"
        book.plan_items.append(kept)
