"""The other town's voter opinions and deputies' suggestions, in every state and by every way."""

from typing import Any

from tests.e2e.contract_book import Book, Suggestion
from tests.e2e.contract_client import Client

# received, channel, state, closed_on
OPINIONS: list[tuple[str, str, str, str | None]] = [
    ("2024-01-01", "reception", "closed", "2024-01-20"),
    ("2024-02-11", "slip", "closed", "2024-08-15"),
    ("2024-03-05", "qr", "closed", "2024-08-16"),
    ("2024-04-07", "visit", "answered", None),
    ("2024-05-15", "letter", "forwarded", None),
    ("2024-06-18", "phone", "converted", None),
    ("2024-08-15", "reception", "received", None),
    ("2024-08-16", "qr", "received", None),
    ("2023-12-30", "letter", "closed", "2024-01-05"),
    ("2024-07-07", "reception", "closed", None),  # closed on a day nobody wrote down
]

# (command, body) in order; `on` of the reference's acts is read from here
CASES: dict[str, tuple[dict[str, Any], list[tuple[str, dict[str, Any]]]]] = {
    "resolved": (
        {"raised_on": "2024-01-24", "raised_at": "session", "lead": "t2", "co": "t3 t4"},
        [
            ("assign", {"unit": "农业农村办", "on": "2024-02-06"}),
            ("reply", {"on": "2024-04-11", "class": "a", "interviewed": True}),
            ("rate", {"process": "satisfied", "result": "satisfied", "on": "2024-04-20"}),
            ("close", {}),
        ],
    ),
    "late": (
        {"raised_on": "2024-03-01", "raised_at": "between", "lead": "t10"},
        [
            ("assign", {"unit": "村镇建设办", "on": "2024-03-12"}),
            ("reply", {"on": "2024-06-20", "class": "b", "interviewed": False}),
            (
                "rate",
                {"process": "basically_satisfied", "result": "basically_satisfied", "on": "2024-07-01"},
            ),
        ],
    ),
    "answered after as_of": (
        {"raised_on": "2024-01-24", "raised_at": "session", "lead": "t11"},
        [
            ("assign", {"unit": "派出所", "on": "2024-04-09"}),
            ("reply", {"on": "2024-09-05", "class": "b", "interviewed": True}),
        ],
    ),
    "never answered": (
        {"raised_on": "2024-05-20", "raised_at": "between", "lead": "t12"},
        [("assign", {"unit": "卫生院", "on": "2024-05-30"})],
    ),
    "due on as_of": (
        {"raised_on": "2024-05-06", "raised_at": "between", "lead": "t13"},
        [("assign", {"unit": "水务站", "on": "2024-05-15"})],
    ),
    "returned and redone": (
        {"raised_on": "2024-01-24", "raised_at": "session", "lead": "t14"},
        [
            ("assign", {"unit": "交通站", "on": "2024-03-05"}),
            ("return", {}),
            ("assign", {"unit": "公路站", "on": "2024-03-19"}),
            ("reply", {"on": "2024-05-08", "class": "c", "interviewed": True}),
            ("rate", {"process": "satisfied", "result": "dissatisfied"}),
            ("redo", {}),
            ("reply", {"on": "2024-06-13", "class": "a", "interviewed": True}),
            ("rate", {"process": "satisfied", "result": "satisfied"}),
            ("close", {}),
        ],
    ),
    "redone after as_of": (
        {"raised_on": "2024-01-25", "raised_at": "session", "lead": "t16", "co": "t17"},
        [
            ("assign", {"unit": "供电所", "on": "2024-02-20"}),
            ("reply", {"on": "2024-05-09", "class": "d", "interviewed": False}),
            ("rate", {"process": "dissatisfied", "result": "dissatisfied", "on": "2024-05-30"}),
            ("redo", {}),
            ("reply", {"on": "2024-09-12", "class": "b", "interviewed": True}),
            ("rate", {"process": "satisfied", "result": "satisfied", "on": "2024-09-20"}),
        ],
    ),
    "not assigned": ({"raised_on": "2024-06-03", "raised_at": "between", "lead": "t18"}, []),
    "assigned after as_of": (
        {"raised_on": "2024-08-01", "raised_at": "between", "lead": "t19"},
        [("assign", {"unit": "财政所", "on": "2024-08-20"})],
    ),
    "raised after as_of": (
        {"raised_on": "2024-10-10", "raised_at": "between", "lead": "t20"},
        [("assign", {"unit": "文化站", "on": "2024-10-16"})],
    ),
    "returned": (
        {"raised_on": "2024-02-22", "raised_at": "between", "lead": "t3"},
        [("assign", {"unit": "环卫所", "on": "2024-03-06"}), ("return", {})],
    ),
    "redone, not answered again": (
        {"raised_on": "2024-01-24", "raised_at": "session", "lead": "t4"},
        [
            ("assign", {"unit": "农技站", "on": "2024-02-21"}),
            ("reply", {"on": "2024-04-10", "class": "d", "interviewed": False}),
            ("rate", {"process": "basically_satisfied", "result": "dissatisfied", "on": "2024-04-30"}),
            ("redo", {}),
        ],
    ),
    "of the year before": (
        {"raised_on": "2023-11-20", "raised_at": "between", "lead": "t1"},
        [("assign", {"unit": "学校", "on": "2023-11-30"})],
    ),
}
# three months by the calendar, all of them working days
DUE = {
    "resolved": "2024-05-06",
    "late": "2024-06-12",
    "answered after as_of": "2024-07-09",
    "never answered": "2024-08-30",
    "due on as_of": "2024-08-15",
    "returned and redone": "2024-06-19",
    "redone after as_of": "2024-05-20",
    "assigned after as_of": "2024-11-20",
    "redone, not answered again": "2024-05-21",
    "raised after as_of": "2025-01-16",
    "of the year before": "2024-02-29",
}


async def keep_cases(office: Client, book: Book) -> None:
    await opinions(office, book)
    for number, name in enumerate(CASES, start=1):
        await suggestion(office, book, name, number)


async def opinions(office: Client, book: Book) -> None:
    items: list[dict[str, Any]] = []
    for n, (received, channel, state, closed_on) in enumerate(OPINIONS):
        item = {
            "received_on": received,
            "channel": channel,
            "category": "交通",
            "text": f"群众反映路灯第{n}盏不亮",
            "state": "received" if n == 1 else state,  # this one is closed later
        }
        if closed_on and n != 1:
            item["closed_on"] = closed_on
        items.append(item)
    items[0] |= {"station_id": book.stations["s1"][0], "deputyship_id": book.mandates["t1"].id}
    made = await office.batch("activities", "opinions", items)
    patch = {"state": "closed", "closed_on": OPINIONS[1][3]}
    changed = await office.patch("activities", f"/opinions/{made[1]['id']}", patch)
    assert changed["state"] == "closed"
    for item, record in zip(items, made, strict=True):
        book.opinions.append({**item, "id": record["id"]})
    book.opinions[1] |= patch


async def suggestion(office: Client, book: Book, name: str, number: int) -> None:
    case, acts = CASES[name]
    fields = dict(case)
    lead, co = fields.pop("lead"), fields.pop("co", "")
    body = {
        **fields,
        "number": number,
        "lead_deputyship_id": book.mandates[lead].id,
        "co_deputyship_ids": book.ids(co),
        "title": f"关于{name}的建议",
        "text": "建议尽快办理。",
        "category": "城乡建设",
    }
    if fields["raised_at"] == "session":
        body["session_id"] = book.sessions[0]["id"]
    record = await office.post("activities", "/suggestions", body)
    kept = Suggestion(record["id"], fields["raised_on"], fields["raised_at"])
    for command, sent in acts:
        record = await office.post("activities", f"/suggestions/{kept.id}:{command}", sent)
        if command == "assign":
            kept.assigned_on = sent["on"]
        elif command == "return":
            kept.assigned_on = None
        elif command == "reply":
            kept.replies.append((sent["on"], sent["class"]))
        elif command == "rate":
            kept.ratings.append((sent.get("on", ""), sent["result"]))
    kept.due_on = DUE.get(name)
    if kept.assigned_on or not acts:
        assert record["due_on"] == kept.due_on, name
    book.suggestions[name] = kept
