"""The other town's rating meetings: three schemes, counts keyed twice, results shown, withheld, revoked."""

from dataclasses import dataclass
from typing import Any

from tests.e2e.contract_book import Book, Meeting
from tests.e2e.contract_client import Client, refused

FOUR = [
    {"code": "satisfied", "label": "满意"},
    {"code": "basically_satisfied", "label": "基本满意"},
    {"code": "dissatisfied", "label": "不满意"},
    {"code": "not_known", "label": "不了解"},
]
GRADES = [
    {"code": "competent", "label": "称职"},
    {"code": "basically_competent", "label": "基本称职"},
    {"code": "incompetent", "label": "不称职"},
]
POINTS = [
    {"code": "satisfied", "label": "满意", "points": 100},
    {"code": "basically_satisfied", "label": "基本满意", "points": 60},
    {"code": "dissatisfied", "label": "不满意", "points": 0},
]
THRESHOLDS = [80, 50]  # percent: from 80 on competent, from 50 on basically competent
LIMITS = {"min_raters": 20, "min_published": 10}


FOUR_CODES = " ".join(str(o["code"]) for o in FOUR)
GRADE_CODES = " ".join(str(o["code"]) for o in GRADES)


@dataclass(frozen=True)
class Staff:
    office: Client
    tellers: tuple[Client, Client]


@dataclass(frozen=True)
class Plan:
    """A meeting on paper: its count sheet as it truly is, and how far it goes."""

    scheme: str
    held_on: str
    sheet: tuple[int, int, int]  # issued, returned, void
    rows: dict[str, dict[str, int]]
    end: str = "publish"  # draft, close, publish, revoke
    suppressed: bool = False


def row(*numbers: int, codes: str = FOUR_CODES, **more: int) -> dict[str, int]:
    return dict(zip(codes.split(), numbers, strict=False)) | more


MEETINGS = {
    "spring": Plan(
        "four", "2024-03-26", (30, 29, 1),
        {"t1": row(20, 4, 1, 1, abstain=1, spoiled=1), "t2": row(11, 10, 3, 4)},
    ),
    "graded": Plan(
        "grades", "2024-05-28", (26, 25, 0),
        {"t3": row(20, 3, 2, codes=GRADE_CODES), "t4": row(10, 10, 4, codes=GRADE_CODES, abstain=1)},
    ),
    "few": Plan("four", "2024-06-25", (9, 8, 2), {"t10": row(4, 1, 1, 0)}, suppressed=True),
    "points": Plan("points", "2024-07-23", (24, 22, 2), {"t11": row(12, 6, 2)}),
    "revoked": Plan("four", "2024-07-30", (21, 21, 0), {"t12": row(21, 0, 0, 0)}, end="revoke"),
    "counted": Plan("four", "2024-08-06", (22, 21, 1), {"t17": row(10, 5, 3, 2)}, end="close"),
    "planned": Plan("four", "2024-08-08", (0, 0, 0), {"t18": {}}, end="draft"),
    "autumn": Plan("four", "2024-10-29", (40, 36, 0), {"t13": row(30, 3, 2, 1)}),
    "before": Plan("four", "2023-11-28", (33, 30, 1), {"t14": row(25, 2, 1, 1)}),
}  # fmt: skip


async def keep_votes(staff: Staff, book: Book) -> None:
    schemes = {}
    for name, scheme in (
        ("four", {"name": "四项", "options": FOUR, "formula": "satisfied_over_options"}),
        ("grades", {"name": "等次", "options": GRADES, "formula": "thresholds", "thresholds": THRESHOLDS}),
        ("points", {"name": "分值", "options": POINTS, "formula": "weighted"}),
    ):
        schemes[name] = await staff.office.post("ratings", "/schemes", {**scheme, **LIMITS})
    for name, plan in MEETINGS.items():
        await meeting(staff, book, name, plan, schemes[plan.scheme])


async def meeting(staff: Staff, book: Book, name: str, plan: Plan, scheme: dict[str, Any]) -> None:
    ids = {handle: book.mandates[handle].id for handle in plan.rows}
    body = {
        "year": int(plan.held_on[:4]),
        "held_on": plan.held_on,
        "constituency": "第1选区",
        "deputyship_ids": list(ids.values()),
        "scheme_id": scheme["id"],
        "method": "paper",
        "invited": 50,
        "present": plan.sheet[0],
    }
    made = await staff.office.post("ratings", "/meetings", body)
    issued, returned, void = plan.sheet
    counts = {ids[handle]: row for handle, row in plan.rows.items()}
    options = [option["code"] for option in scheme["options"]]
    book.meetings[name] = Meeting(
        made["id"], plan.held_on, list(ids.values()), options, issued, returned, void, counts,
        published=plan.end == "publish", suppressed=plan.suppressed,
    )  # fmt: skip
    if plan.end == "draft":
        return
    await count(staff, book.meetings[name])
    for handle, id in ids.items():
        report = {"meeting_id": made["id"], "deputyship_id": id, "form": "oral", "text": f"{handle}述职"}
        await staff.office.post("ratings", "/duty_reports", {**report, "shortcomings": "走访不够"})
    path = f"/meetings/{made['id']}"
    if plan.end in ("publish", "revoke"):
        answer = await staff.office.post("ratings", f"{path}:publish", {})
        assert answer["state"] == "published"
    if plan.end == "revoke":
        answer = await staff.office.post("ratings", f"{path}:revoke", {"reason": "计票有误"})
        assert answer["state"] == "revoked"


async def count(staff: Staff, meeting: Meeting) -> None:
    """Open, key the sheet twice by two people, close."""
    path = f"/meetings/{meeting.id}"
    opened = await staff.office.post("ratings", f"{path}:open", {})
    assert opened["state"] == "open"
    sheet = {
        "issued": meeting.issued,
        "returned": meeting.returned,
        "void": meeting.void,
        "counts": meeting.counts,
    }
    first, second = staff.tellers
    await first.post("ratings", f"{path}/counts", {"entry": 1, **sheet})
    refused(
        await staff.office.send("POST", staff.office.at("ratings", f"{path}:close"), {}), (409, 422)
    )  # keyed once only
    await second.post("ratings", f"{path}/counts", {"entry": 2, **sheet})
    closed = await staff.office.post("ratings", f"{path}:close", {})
    assert closed["state"] == "closed"
