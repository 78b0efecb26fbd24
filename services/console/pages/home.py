"""The first page, by role: what is due, what the summary lacks, what was done, whether everything is kept."""

import asyncio
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any, Final

from aiohttp import web

from services.console.api import LATE_SECONDS, SERVICES, part, part_or_reason
from services.console.menu import AUDITOR, COUNTY, EVERYBODY
from services.console.numbers import by_id
from services.console.pages import mine, reporting
from services.console.visit import Visit, page
from shared.process import backups

WITHIN_DAYS: Final = 14
SHOWN: Final = 12
"""How long the figures are waited for: they are counted anew after every entry."""
COUNTED: Final = (
    ("congress.sessions", "代表大会会议", ""),
    ("presidium.meetings", "主席团会议", ""),
    ("group_activities.times", "小组活动", ""),
    ("contact.voter_times", "接待选民", ""),
    ("suggestions.raised", "代表建议", "suggestions.reply_rate"),
    ("plan.items", "到期的计划项目", "plan.done_rate"),
)
"""Figure, its short name, and the share that is drawn under it."""
BACKUP_STALE: Final = timedelta(days=2)
"""A backup is made every day; after so long without one the page says so."""
BARS: Final = {"suggestions.reply_rate": "已答复", "plan.done_rate": "已完成"}


@page("/", roles=EVERYBODY)
async def show_home(visit: Visit) -> web.Response:
    if visit.may(*COUNTY | AUDITOR) or not visit.session.town:
        return visit.go("/county")
    if not visit.town_name and not await visit.api.maybe(f"/roster/v1/towns/{visit.town}"):
        return visit.go("/town")
    if visit.may("office"):
        return await _of_the_office(visit)
    if visit.may("deputy", "leader"):
        return await mine.home(visit)
    return visit.go("/counting" if visit.may("teller") else "/report")


async def _of_the_office(visit: Visit) -> web.Response:
    due, summary, fresh, ready, recent, drafts = await asyncio.gather(
        _due(visit),
        _summary(visit),
        part(visit.api.get(visit.at("reports", "freshness"))),
        _ready(visit),
        part(visit.api.get(visit.at("activities", "activities"), order="-held_on", limit=6)),
        visit.console.repository.drafts(visit.session.user),
    )
    return visit.html(
        "home.html",
        **due,
        **summary,
        fresh=fresh,
        ready=ready,
        recent=recent,
        drafts=drafts,
        bars=BARS,
        **await _backups(visit),
    )


async def _backups(visit: Visit) -> dict[str, Any]:
    """The newest backup and the last drill, where this process can see them."""
    folder = visit.console.settings.backup_dir
    if folder is None:
        return {"backups": None, "backups_away": False}
    kept = await backups.watched(folder).ask(backups.kept)
    made_at = kept.made_at if kept else None
    age = datetime.now(UTC) - made_at if made_at else timedelta()
    stale = age.days if age > BACKUP_STALE else 0
    return {"backups": kept, "backups_away": kept is None, "stale": stale}


async def _due(visit: Visit) -> dict[str, Any]:
    """What is due within two weeks and what is late, oldest first; what has no day comes last."""
    asked = {"on": visit.today.isoformat(), "within": WITHIN_DAYS}
    found = await asyncio.gather(
        *(part(visit.api.get(visit.at(name, "due"), **asked)) for name in ("roster", "activities", "ratings"))
    )
    items = [item for answer in found if answer for item in answer["items"]]
    items.sort(key=lambda item: (item["due_on"] is None, str(item["due_on"])))
    for item in items:
        if item["overdue"]:
            item["days"] = (visit.today - date.fromisoformat(item["due_on"])).days
    return {
        "due": items[:SHOWN],
        "more": items[SHOWN:],
        "late": any(answer is None for answer in found),
        "dues": len(items),
    }


async def _summary(visit: Visit) -> dict[str, Any]:
    """The preview of the year, and six of its figures beside those of the year before to the same day."""
    asked = visit.api.get(f"/reports/v1/towns/{visit.town}/years/{visit.year}/preview")
    preview, why = await part_or_reason(asked, LATE_SECONDS)
    if preview is None:
        return {"preview": None, "why": why, "counted": []}
    needed = [finding for finding in preview["findings"] if finding["severity"] != "info"]
    return {
        "preview": preview,
        "counted": counted(by_id(preview["figures"])),
        "needed": needed,
        "blocks": [finding for finding in needed if finding["severity"] == "block"],
        "place": reporting.Place(visit.town, visit.year, f"/report/{visit.year}", ""),
        "list_of": partial(reporting.list_of, roles=visit.session.roles),
    }


def _share(figure: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    return figure if figure and figure["denominator"] else None


def counted(figures: Mapping[str, Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Each with its year before, where that is known: of a year that was not sealed a zero would be a guess."""
    return [
        {
            "figure": figures[id],
            "title": title,
            "share": _share(figures.get(share)),
            "bar": BARS.get(share, ""),
            "before": _known(figures[id]["previous"]),
        }
        for id, title, share in COUNTED
        if id in figures
    ]


def _known(amount: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    return amount if amount and amount["value"] is not None else None


async def _ready(visit: Visit) -> list[str]:
    """Names of the services that are not ready now."""
    asked = [part(visit.api.get(f"/{name}/health/ready")) for name in SERVICES]
    answers = zip(SERVICES, await asyncio.gather(*asked), strict=True)
    return [name for name, answer in answers if answer is None]


PAGES: Final = (show_home,)
