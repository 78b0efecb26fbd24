"""A report as its pages read it: compiled, being compiled, or as the records stand before the closing."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from services.console.errors import NoPage, Refused
from services.console.menu import OFFICE
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
    ("/sessions", "代表大会", "congress budget livelihood questions officials nominations identity.congress"),
    ("/presidium", "主席团会议", "presidium"),
    (
        "/suggestions",
        "代表建议",
        "suggestions identity.suggestions identity.raised identity.classes identity.rated",
    ),
    ("/receptions", "接待和意见", "opinions contact identity.opinions identity.channels"),
    ("/groups", "小组和阵地", "stations group groups identity.stations"),
    (
        "/activities",
        "活动",
        "activities group_activities attendance supervision inquiries reviews training cases tagged records",
    ),
    ("/plans", "年度计划", "plan"),
    ("/ratings", "述职测评", "ratings identity.ballots"),
    ("/deputies", "代表", "deputies people identity.people"),
    ("/constituencies", "选区", "constituency identity.quota"),
    ("/terms", "届次和人大办", "terms office"),
    ("/changes", "变动和待办", "changes tasks by_election by_elections election"),
    ("/town", "本乡镇", "town records.no_town"),
    ("/files", "履职档案", "files"),
    ("/report/settings", "总结设置", "report photographs"),
    ("/report", "总结", "text wording proof identity report.changed"),
    ("/troubles", "未能处理的事件", "events"),
)
"""Address and name of a list, and what is recorded there: rules and figures, or the first parts of their ids."""
LIST_OF: Final = {id: (path, title) for path, title, ids in LISTS for id in ids.split()}
OF_THE_OFFICE: Final = frozenset({"/town", "/report/settings", "/troubles"})
"""Lists that only the office may open."""


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


def list_of(rule: str, year: int, *, roles: frozenset[str]) -> tuple[str, str]:
    """Where what a rule misses, or a figure counts, is recorded: address and name. No address, where that is for other
    roles."""
    id = rule.partition(":")[0]
    path, title = LIST_OF.get(id) or LIST_OF.get(id.partition(".")[0]) or LIST_OF["activities"]
    if path in OF_THE_OFFICE and not roles & OFFICE:
        return "", title
    return path.replace("/report/", f"/report/{year}/"), title
