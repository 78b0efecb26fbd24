"""What the pages of rating meetings share: a meeting with its people, who leads it, its sheets."""

import asyncio
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from services.console.api import LATE_SECONDS, part
from services.console.errors import NoPage
from services.console.visit import Visit
from shared.chinese.numerals import whole

Record = Mapping[str, Any]
SLIPS: Final = frozenset({"online", "mixed"})
ON_PAPER: Final = frozenset({"paper", "mixed"})
ACCOUNT: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True)
class Meeting:
    """A meeting as it stands, its version, the names of its deputies in their order, and of its tellers."""

    record: Record
    version: str
    names: Mapping[str, str]
    people: Mapping[str, str]

    @property
    def id(self) -> str:
        return str(self.record["id"])

    @property
    def path(self) -> str:
        return f"/ratings/{self.id}"

    @property
    def title(self) -> str:
        return f"{self.record['constituency']}述职测评会"

    @property
    def deputies(self) -> list[tuple[str, str]]:
        return [(id, self.names.get(id) or "（名册里没有）") for id in self.record["deputyship_ids"]]

    @property
    def sheets(self) -> list[tuple[str, str]]:
        """(dimension, group) of each count sheet, of which there are two entries; none where only slips vote."""
        if self.record["method"] not in ON_PAPER:
            return []
        scheme = self.record["scheme"]
        groups = [group["code"] for group in scheme["groups"]] or [""]
        return [(dimension, group) for group in groups for dimension in scheme["dimensions"] or [""]]

    def person(self, subject: str) -> str:
        """A name; not the id of an account that the reader may not look up."""
        return self.people.get(subject) or ("（不显示姓名）" if ACCOUNT.fullmatch(subject) else subject)

    def counted_by(self, visit: Visit) -> bool:
        """Whether the sheets are shown to be keyed; the service decides."""
        tellers = self.record["tellers"]
        return visit.may("teller") and (not tellers or subject(visit) in tellers) and not self.led_by(visit)

    def led_by(self, visit: Visit) -> bool:
        """Whether the commands are shown; the service decides."""
        if self.record["method"] in SLIPS and (self.record["presiding"] or self.record["state"] == "draft"):
            return bool(subject(visit) == self.record["presiding"])
        return visit.may("office")


def subject(visit: Visit) -> str:
    """How the services name whoever is signed in."""
    account = visit.session.account
    return str(account.get("deputyship_id") or account["id"])


async def meeting_of(visit: Visit, id: str) -> Meeting:
    answer = await visit.api.answer("GET", visit.at("ratings", f"meetings/{id}"))
    record = answer.body
    names, people = await asyncio.gather(names_on(visit, record["held_on"]), tellers(visit))
    named = {account["id"]: account["display_name"] for account in people}
    return Meeting(record, answer.version or "", names, named | {subject(visit): _own_name(visit)})


def _own_name(visit: Visit) -> str:
    return str(visit.session.account["display_name"])


async def deputies_on(visit: Visit, day: str) -> list[Record]:
    """The roster of a day, in stroke order; empty where it is late."""
    found = await part(visit.api.get(visit.at("roster", "deputies"), as_of=day), LATE_SECONDS)
    return list(found["items"]) if found else []


async def names_on(visit: Visit, day: str) -> dict[str, str]:
    return {row["deputyship_id"]: row["printed_name"] for row in await deputies_on(visit, day)}


async def tellers(visit: Visit) -> Sequence[Record]:
    """Accounts of tellers; only the office and the county see who has one."""
    if not visit.may("office", "county", "auditor"):
        return ()
    found = await part(visit.api.all("/accounts/v1/accounts"), LATE_SECONDS)
    return [account for account in found or () if "teller" in account["roles"]]


def sheet_at(meeting: Meeting, number: str) -> tuple[str, str]:
    """Errors: NoPage."""
    sheets = meeting.sheets
    at = whole(number) or 0
    if not 1 <= at <= len(sheets):
        raise NoPage("这场测评没有这一张计票表")
    return sheets[at - 1]


def sheet_name(place: tuple[str, str]) -> str:
    """`群体 · 项目`, or 计票表 where there is but one."""
    return " · ".join(text for text in reversed(place) if text) or "计票表"


def differences(meeting: Meeting, counts: Any) -> list[str]:
    """Cells in which two entries differ, in words and without a number."""
    labels = {option["code"]: option["label"] for option in meeting.record["scheme"]["options"]}
    labels |= {"abstain": "弃权", "spoiled": "划错", "issued": "发出", "returned": "收回", "void": "废票"}
    words = {**meeting.names, **labels}
    cells = [difference["loc"].split(".")[1:] for difference in (counts["differences"] if counts else ())]
    return ["，".join(words.get(part, part) for part in cell) for cell in cells]
