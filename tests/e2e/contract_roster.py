"""The other town's roster: twenty-odd people of Zhejiang with mandates at three levels, and what befell them."""

from typing import Any

from tests.e2e.contract_book import Book, Mandate
from tests.e2e.contract_client import Client

ELECTED = "2022-01-06"
WOMEN = ("p3", "p6", "p9", "p12", "p15", "p22")
SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张"
TOWN = {
    "name": "莲泗镇",
    "county_name": "秀水县",
    "city_name": "禾城市",
    "congress_number": 18,
    "quota": 50,
    "population": 7600,
    "rules": {},
}
OPENED = {"s1": "2022-03-01", "s3": "2024-10-08"}
GROUP_OF = {n: "g1" if n <= 7 else "g2" if n <= 14 else "g3" for n in range(1, 21)}
ROLES = {
    1: ["chair"],
    2: ["vice_chair", "presidium"],
    3: ["presidium"],
    4: ["presidium"],
    11: ["presidium"],
}


async def keep_roster(office: Client, book: Book) -> None:
    """Everything in the order a clerk would type it."""
    answer = await office.must("PUT", office.at("roster"), TOWN)
    assert answer["name"] == TOWN["name"]
    book.quota = int(str(TOWN["quota"]))
    await people(office, book)
    await places(office, book)
    await mandates(office, book)
    await changes(office, book)


def id_number(born: int, sequence: int) -> str:
    """Of somebody born on 1 January, an odd sequence for a man, with the check digit of GB 11643."""
    digits = f"330421{born}0101{sequence}"
    return digits + "10X98765432"[sum(int(digit) * 2 ** (17 - n) for n, digit in enumerate(digits)) % 11]


async def people(office: Client, book: Book) -> None:
    items = [
        {
            "name": f"{SURNAMES[n - 1]}{'莲桂松柏'[n % 4]}{'英华' if n % 3 == 0 else '生'}",
            "gender": "f" if f"p{n}" in WOMEN else "m",
            "born_year": 1955 + n,
            "ethnicity": "汉族" if n % 5 else "畲族",
            "party": "中共党员" if n % 2 else "群众",
            "education": "大专",
            "occupation": "村民",
            "phone": f"1390573{1000 + n}",
            "id_number": id_number(1955 + n, 100 + 2 * n + (f"p{n}" not in WOMEN)),
        }
        for n in range(1, 25)
    ]
    made = await office.batch("roster", "people", items)
    for n, person in enumerate(made, start=1):
        assert person["name"] == items[n - 1]["name"]
        book.people[f"p{n}"] = person["id"]


async def places(office: Client, book: Book) -> None:
    for handle, body in (
        (
            "s1",
            {"name": "镇中心联络站", "kind": "liaison", "address": "莲泗路1号", "opened_on": OPENED["s1"]},
        ),
        ("s2", {"name": "桥南活动室", "kind": "activity_room", "serves": ["桥南村", "北塘村"]}),
        (
            "s3",
            {"name": "市场联络点", "kind": "liaison", "opened_on": OPENED["s3"], "reception_day": "每月15日"},
        ),
    ):
        station = await office.post("roster", "/stations", body)
        book.stations[handle] = (station["id"], OPENED.get(handle))
    for handle, group in (
        ("g1", {"number": 1, "name": "第一代表小组", "level": "town", "station_id": book.stations["s1"][0]}),
        ("g2", {"number": 2, "name": "第二代表小组", "level": "town", "rules": ["学习制度", "联系制度"]}),
        ("g3", {"number": 3, "name": "第三代表小组", "level": "town"}),
        ("g4", {"number": 4, "name": "县代表小组", "level": "upper"}),
    ):
        made = await office.post("roster", "/groups", group)
        book.groups[handle] = (made["id"], str(group["level"]))
    for number in (1, 2, 3):
        await office.post("roster", "/constituencies", {"name": f"第{number}选区"})


async def start(office: Client, book: Book, handle: str, person: str, level: str, **fields: Any) -> None:
    group = fields.pop("group", None)
    body: dict[str, Any] = {
        "person_id": book.people[person],
        "level": level,
        "congress_number": 18 if level == "town" else 17,
        "constituency": f"第{len(book.mandates) % 3 + 1}选区",
        "started_on": ELECTED,
        "started_by": "election",
        "status": "serving",
    } | fields
    if group:
        body["group_id"] = book.groups[group][0]
    made = await office.post("roster", "/deputyships", body)
    assert made["status"] == "serving"
    begun = body["started_on"]
    book.mandates[handle] = Mandate(
        made["id"],
        person,
        person in WOMEN,
        level,
        begun,
        by_election=body["started_by"] == "by_election",
        groups=[((begun, None), group)] if group else [],
    )


async def mandates(office: Client, book: Book) -> None:
    for n in range(1, 21):
        late = {"started_on": "2023-05-04", "started_by": "by_election"} if n == 10 else {}
        await start(office, book, f"t{n}", f"p{n}", "town", group=GROUP_OF[n], roles=ROLES.get(n, []), **late)
    for handle, person in (("c1", "p1"), ("c2", "p21"), ("c3", "p3")):
        await start(office, book, handle, person, "county", group="g4", started_on="2022-02-15")
    await start(office, book, "z1", "p21", "city", started_on="2022-03-20", from_unit="市直机关")
    await start(
        office, book, "t21", "p22", "town", group="g3", started_on="2024-06-20", started_by="by_election"
    )
    await start(
        office, book, "t22", "p23", "town", group="g1", started_on="2024-10-15", started_by="by_election"
    )


async def changes(office: Client, book: Book) -> None:
    await ended(office, book, "t9", "resigned", "2023-09-01")
    await suspended(office, book, "t5", "criminal_detention", "2024-03-01", "2024-06-10")
    await ended(office, book, "t7", "died", "2024-04-10")
    await suspended(office, book, "t6", "serving_sentence", "2024-07-20", None)
    await ended(office, book, "t8", "moved_away", "2024-11-20")
    await moved(office, book, "t14", "g1", "2024-05-06")
    await moved(office, book, "t15", "g2", "2024-09-01")
    path = f"/deputyships/{book.mandates['t12'].id}"
    await office.patch("roster", path, {"roles": ["presidium"], "on": "2024-05-06"})
    for group, leader in (("g1", "t3"), ("g2", "t11"), ("g4", "c2")):
        body = {"leader_deputyship_id": book.mandates[leader].id, "on": "2024-01-02"}
        await office.patch("roster", f"/groups/{book.groups[group][0]}", body)


async def ended(office: Client, book: Book, handle: str, reason: str, on: str) -> None:
    mandate = book.mandates[handle]
    answer = await office.post("roster", f"/deputyships/{mandate.id}:end", {"reason": reason, "on": on})
    assert answer["status"] == "ended"
    mandate.ended_on = on


async def suspended(office: Client, book: Book, handle: str, reason: str, on: str, until: str | None) -> None:
    mandate = book.mandates[handle]
    path = f"/deputyships/{mandate.id}"
    answer = await office.post("roster", f"{path}:suspend", {"reason": reason, "on": on})
    assert answer["status"] == "suspended"
    if until:
        answer = await office.post("roster", f"{path}:resume", {"on": until})
        assert answer["status"] == "serving"
    mandate.suspensions.append((on, until))


async def moved(office: Client, book: Book, handle: str, group: str, on: str) -> None:
    mandate = book.mandates[handle]
    body = {"group_id": book.groups[group][0], "on": on}
    answer = await office.patch("roster", f"/deputyships/{mandate.id}", body)
    assert answer["group_id"] == body["group_id"]
    (begun, _), old = mandate.groups[-1]
    mandate.groups[-1] = ((begun, on), old)
    mandate.groups.append(((on, None), group))
