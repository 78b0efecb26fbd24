"""A report as its pages read it: compiled, being compiled, or as the records stand before the closing."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from services.console.errors import NoPage, Refused
from services.console.numbers import by_id
from services.console.pages.desk import turn_to
from services.console.visit import Visit

OPEN: Final = frozenset({"draft", "returned"})
"""Statuses in which the office may change texts, as the services define them."""
BLANK: Final[Mapping[str, Any]] = {
    "version": None,
    "corrects": None,
    "reasons": (),
    "changes": (),
    "subtitle": (),
    "addressee": None,
    "document_number": "",
    "signer": "",
    "signature": "",
}
"""What a preview has not."""
WAITING: Final = frozenset({"compiling", "incomplete"})
LISTS: Final = (
    ("congress", "/sessions", "代表大会"),
    ("budget", "/sessions", "代表大会"),
    ("livelihood", "/sessions", "代表大会"),
    ("questions", "/sessions", "代表大会"),
    ("officials", "/sessions", "代表大会"),
    ("presidium", "/presidium", "主席团会议"),
    ("suggestions", "/suggestions", "代表建议"),
    ("opinions", "/receptions", "接待和意见"),
    ("contact", "/receptions", "接待和意见"),
    ("stations", "/groups", "小组和阵地"),
    ("groups", "/groups", "小组和阵地"),
    ("group_activities", "/activities", "活动"),
    ("plan", "/plans", "年度计划"),
    ("ratings", "/ratings", "述职测评"),
    ("deputies", "/deputies", "代表"),
    ("seats", "/deputies", "代表"),
    ("changes", "/changes", "变动和待办"),
    ("by_elections", "/changes", "变动和待办"),
    ("office", "/town", "本乡镇"),
    ("objections", "/files", "履职档案"),
    ("letterhead", "/report/settings", "总结设置"),
    ("delivery", "/report/settings", "总结设置"),
    ("photographs", "/report/settings", "总结设置"),
    ("", "/activities", "活动"),
)
"""By the first part of a rule or a figure: the list in which what is lacking is recorded, and its name."""


@dataclass(frozen=True)
class Place:
    """Whose report of which year. `home`: where its pages are; `api`: where the services have it."""

    town: str
    year: int
    home: str
    api: str
    county: bool = False


@dataclass(frozen=True)
class Standing:
    """`report`: the compiled one, or the preview. `sealed`: whether it is a compiled one."""

    report: Mapping[str, Any]
    sealed: bool
    version: str = ""

    @property
    def status(self) -> str:
        return str(self.report["status"])

    @property
    def figures(self) -> dict[str, Mapping[str, Any]]:
        return by_id(self.report.get("figures") or ())

    @property
    def findings(self) -> list[Mapping[str, Any]]:
        return list(self.report.get("findings") or ())

    @property
    def blocks(self) -> list[Mapping[str, Any]]:
        return [finding for finding in self.findings if finding["severity"] == "block"]


async def of_the_town(visit: Visit) -> Place:
    """The report of the session's town; an address with a year makes that the year that is worked on."""
    if text := visit.request.match_info.get("year"):
        await turn_to(visit, int(text))
    town, year = visit.town, visit.year
    return Place(town, year, f"/report/{year}", f"/reports/v1/towns/{town}/years/{year}")


async def standing(visit: Visit, place: Place, *, now: bool = False) -> Standing:
    """`now`: as the records stand, though there is a report."""
    if not now:
        try:
            answer = await visit.api.answer("GET", f"{place.api}/report")
        except Refused as refused:
            if refused.status != 404:
                raise
        else:
            return Standing(answer.body, sealed=True, version=answer.version or "")
    return Standing({**BLANK, **await visit.api.get(f"{place.api}/preview")}, sealed=False)


async def figure(visit: Visit, place: Place, standing: Standing, id: str) -> Mapping[str, Any]:
    """A figure with `titled`: its records as a list names them. Errors: NoPage."""
    found = standing.figures.get(id)
    if found is None:
        raise NoPage(f"这份总结里没有指标 {id}")
    where = "report" if standing.sealed else "preview"
    titled = await visit.api.get(f"{place.api}/{where}/records", figure=id)
    return {**found, "titled": titled["items"]}


def recorded(figures: Iterable[Mapping[str, Any]]) -> bool:
    """Whether anything that was done is recorded; a year of which nothing is known is not a year in which nothing was
    done."""
    return any(record["source"].endswith("/activities") for figure in figures for record in figure["records"])


def list_of(rule: str, year: int) -> tuple[str, str]:
    """Where what a rule misses, or a figure counts, is recorded: address and name."""
    first = re.split(r"[.:]", rule)[0]
    for name, path, title in LISTS:
        if name in (first, ""):
            return path.replace("/report/", f"/report/{year}/"), title
    raise AssertionError  # the last entry takes every rule
