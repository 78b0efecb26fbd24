"""The second year by workbook alone: a by-election, a general election in December, a suggestion carried over."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest
from aiohttp import ClientSession, ClientTimeout

from services.activities.sheets import SHEETS as ACTIVITIES
from services.roster.sheets import SHEETS as ROSTER
from shared.workbook import read, write
from tests.e2e.contract_client import Client
from tests.fixtures.systems import System
from tests.probes import PATIENCE

pytestmark = [pytest.mark.e2e]

TOWN = "340281121"
XLSX = {"Content-Type": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
SHEETS = {"roster": ROSTER, "activities": ACTIVITIES}
NAMES = [f"王示例{n:02}" for n in range(1, 7)]
ELECTION = date(2021, 12, 20)
Rows = dict[str, list[dict[str, Any]]]
Change = Callable[[dict[str, Any]], dict[str, Any]]


@dataclass
class Ledger:
    """One office, which sends workbooks and nothing else, and takes its rows out again."""

    client: Client
    kept: dict[str, Rows] = field(default_factory=dict)

    async def send(self, service: str, rows: Rows) -> None:
        data = write([sheet for sheet in SHEETS[service] if sheet.name in rows], rows)
        reply = await self.client.send("POST", self.client.at(service, "/imports"), data=data, headers=XLSX)
        assert reply.status == 200, reply.body["errors"]

    async def take(self, service: str) -> Rows:
        book = read(await self.client.get(service, "/exports"), SHEETS[service])
        assert book.problems == []
        return {name: [dict(row.values) for row in rows] for name, rows in book.tables.items()}


def mandate(name: str, constituency: int, **cells: Any) -> dict[str, Any]:
    seat = {"level": "town", "congress_number": 17, "started_on": date(2017, 1, 10)}
    return {"person": name, "constituency": f"第{constituency}选区", "group": 1, **seat, **cells}


def first_roster() -> Rows:
    return {
        "镇情况": [
            {"code": TOWN, "name": "换届镇", "county_name": "无为市", "congress_number": 17, "quota": 6}
        ],
        "选区": [{"name": f"第{n}选区", "seats": 2} for n in (1, 2, 3)],
        "届次": [{"congress_number": 17, "started_on": date(2017, 1, 10), "quota": 6}],
        "代表小组": [{"number": 1, "level": "town"}],
        "人员": [{"name": name} for name in NAMES],
        "代表资格": [mandate(name, n // 2 + 1) for n, name in enumerate(NAMES)],
    }


def session(congress: int, number: int, day: date) -> dict[str, Any]:
    return {"congress_number": congress, "session_number": number, "held_on": day, "present": ("全体",)}


FIRST_YEAR: Rows = {
    "人代会": [session(17, 7, date(2020, 3, 10))],
    "活动": [
        {"reference": "培2020-1", "kind": "training", "title": "代表培训", "held_on": date(2020, 5, 8),
         "present": ("全体镇代表",)}
    ],
    "代表建议": [
        {"year": 2020, "number": 1, "raised_on": date(2020, 3, 10), "title": "修路", "lead": "王示例01",
         "unit": "镇人民政府", "assigned_on": date(2020, 3, 12)}
    ],
}  # fmt: skip


def second_roster(rows: Rows) -> Rows:
    """One died in April and was replaced in July; all ran out in December, when six were elected, one of them new."""
    (town,), mandates = rows["镇情况"], rows["代表资格"]
    dead = next(row for row in mandates if row["person"] == NAMES[5])
    dead |= {"ended_on": date(2021, 4, 1), "ended_reason": "died"}
    chosen = {"started_by": "by_election", "elected_on": date(2021, 7, 5), "started_on": date(2021, 7, 5)}
    mandates.append(mandate("李示例07", 3, **chosen))
    over = {"ended_on": ELECTION, "ended_reason": "term_over"}
    mandates = [row if row is dead else row | over for row in mandates]
    elected = [*NAMES[:5], "赵示例08"]
    new = {"congress_number": 18, "started_on": ELECTION}
    mandates += [mandate(name, n // 2 + 1, **new) for n, name in enumerate(elected)]
    vote = {"constituency": "第3选区", "held_on": date(2021, 7, 5), "congress_number": 17, "seats": 1}
    return {
        **rows,
        "镇情况": [town | {"congress_number": 18}],
        "届次": [
            rows["届次"][0] | {"ended_on": ELECTION},
            {"congress_number": 18, "started_on": ELECTION, "quota": 6},
        ],
        "补选": [
            vote | {"voters": 900, "votes_cast": 700, "name": "李示例07", "votes": 650, "elected": True}
        ],
        "人员": [*rows["人员"], {"name": "李示例07"}, {"name": "赵示例08"}],
        "代表资格": mandates,
    }


def second_activities(rows: Rows) -> Rows:
    (suggestion,) = rows["代表建议"]
    done = {"replied_on": date(2021, 5, 6), "class": "a", "rated_on": date(2021, 5, 20), "result": "satisfied",
            "process": "satisfied", "closed_on": date(2021, 5, 21)}  # fmt: skip
    return {
        **rows,
        "人代会": [
            *rows["人代会"], session(17, 8, date(2021, 3, 10)), session(18, 1, ELECTION)
        ],
        "活动": [
            *rows["活动"],
            {"reference": "培2021-1", "kind": "training", "title": "代表培训", "held_on": date(2021, 8, 8),
             "present": ("全体镇代表",)},
        ],
        "代表建议": [suggestion | done],
    }  # fmt: skip


def values(report: dict[str, Any], *ids: str) -> list[Any]:
    figures = {figure["id"]: figure["value"] for figure in report["figures"]}
    return [figures[id] for id in ids]


def text(report: dict[str, Any]) -> str:
    return "\n".join(p["text"] for section in report["sections"] for p in section["paragraphs"])


async def test_the_second_year_is_kept_and_closed_by_workbook_alone(standalone: System) -> None:
    token = await standalone.token(TOWN, "office")
    async with ClientSession(timeout=ClientTimeout(PATIENCE)) as http:
        office = Ledger(Client(standalone.url, http, token, TOWN))
        await office.send("roster", first_roster())
        await office.send("activities", FIRST_YEAR)
        first = await office.client.closed(2020, "2020-12-31")
        await office.send("roster", second_roster(await office.take("roster")))
        await office.send("activities", second_activities(await office.take("activities")))
        second = await office.client.closed(2021, "2021-12-31")
        again = await office.client.closed(2020, "2020-12-31")
    assert values(first, "deputies.town.serving", "congress.expected", "suggestions.in_hand") == [6, 6, 1]
    of_the_year(second)
    assert values(again, *(figure["id"] for figure in first["figures"])) == values(
        first, *(figure["id"] for figure in first["figures"])
    )
    assert text(again) == text(first)


def of_the_year(report: dict[str, Any]) -> None:
    names = ("elected", "by_elected", "ended", "term_over")
    assert values(report, *(f"changes.{name}" for name in names)) == [6, 1, 1, 6]
    counted = values(report, "congress.sessions", "congress.expected", "congress.present", "congress.absent")
    assert counted == [2, 12, 12, 0]
    assert values(report, "deputies.town.quota", "deputies.town.serving", "deputies.town.vacant") == [6, 6, 0]
    assert values(report, "by_elections.times", "training.times") == [1, 1]
    written = text(report)
    for words in (
        "第十七届人民代表大会第八次会议",
        "第十八届人民代表大会第一次会议",
        "换届选举产生镇代表6名。",
        "任期届满的上届代表6名。",
        "代表资格终止1名，原因为去世。",
        "补选代表1名",
    ):
        assert words in written, words
    rules = {finding["rule"] for finding in report["findings"]}
    assert not rules & {"terms.over", "terms.first_session", "deputies.over_quota", "congress.number_gap"}
    assert not rules & {"suggestions.overdue", "people.duplicate", "identity.congress", "proof.accounting"}
