"""Collections of reports and the queries on them of one town."""

import base64
import hashlib
import zlib
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from services.reports import events_out
from services.reports.domain import Figure, Parked, Picture, Report, ReportStatus, Wording
from services.reports.domain.board import AreaPeriod, Standing
from services.reports.domain.hand_in import Extension, Receipt, WindowRecord
from services.reports.domain.photographs import Sight
from services.reports.domain.seals import SealedHead
from services.reports.domain.statements import Confirmation, Objection, ObjectionState
from services.reports.events_in import SOURCES
from services.reports.events_in.roster import Ruled
from shared.storage.reader import Reader
from shared.storage.work import Collection, Index, Record, Work


class Closing(Record):
    """A closing requested for a period, as announced to the sources."""

    year: int
    period: str
    as_of: date
    manifest: str = ""


class Seal(Record):
    """Seal of one service for one closing; `id` is `closing:service`, `version` its sequence: the newest counts."""

    closing_id: str
    service: str
    upto: int
    hash: str
    counts: dict[str, int] = {}
    parked: int = 0
    parked_events: tuple[Parked, ...] = ()

    @property
    def head(self) -> SealedHead:
        return SealedHead(self.service, self.upto, self.hash, self.counts, self.parked, self.parked_events)


class Progress(Record):
    """Progress of a closing; `id` is that of the closing. state: waiting, compiled or superseded by a later one.

    `trouble`: by service, why its log does not match its seal, or under `reports` why nothing could be compiled.
    `asked_again`, `asked_at`: how often and when last the seals were asked for anew because one did not fit.
    `seals`: those it was compiled from; empty in records of before.
    """

    year: int
    period: str
    as_of: date
    started_at: datetime
    state: str = "waiting"
    report_version: int | None = None
    scheduled: bool = False
    trouble: dict[str, str] = {}
    asked_again: int = 0
    asked_at: datetime | None = None
    seals: tuple[Seal, ...] = ()

    @property
    def order(self) -> tuple[bool, datetime, str]:
        """Place among the closings of a period: the one waited for is the last, whatever clocks `started_at` is of."""
        return self.state == "waiting", self.started_at, self.id


class Notice(Record):
    """Notice of a scheduled closing that is due soon, was compiled, or is called off after it was announced. `id` is
    `town:period:kind`, that of an announcement also once it is called off."""

    year: int
    period: str
    kind: str
    due_on: date
    as_of: date
    blocks: int = 0
    warnings: int = 0


class ReportRecord(Record):
    """The report of one town and period; its content is in the edition of the same version.

    `corrects`: the approved edition that the latest one corrects. `submitted_on`, `submitted_at`, `accepted_at`: of the
    latest submission; none in records of before. `figures` (without records and definitions), `blocks` and `warnings`
    are kept for the board.
    """

    year: int
    period: str
    as_of: date
    closing_id: str
    status: ReportStatus = ReportStatus.DRAFT
    corrects: int | None = None
    reasons: tuple[str, ...] = ()
    figures: tuple[Figure, ...] = ()
    blocks: int = 0
    warnings: int = 0
    submitted_on: date | None = None
    submitted_at: datetime | None = None
    accepted_at: datetime | None = None
    receipt: Receipt | None = None


class Content(Record):
    """What editions of a report say, kept once however many say the same; `id` is `report:digest`, `text` compressed.

    `digest`: SHA-256 of the JSON text of the report without version and status.
    """

    report_id: str
    text: str


class Edition(Record):
    """One version of a report; `id` is `report:version`. Drafts that were followed by others are thinned out.

    `content`: id of what it says; editions of before have it in `report`.
    """

    report_id: str
    year: int
    period: str
    edition: int = 0
    status: ReportStatus = ReportStatus.DRAFT
    content: str | None = None
    report: Report | None = None


class WordingRecord(Wording, Record):
    """The office's settings and texts for one period; `id` is `town:period`."""

    period: str


class PhotographRecord(Picture, Record):
    """An uploaded photograph; `id` is `town:digest`, its bytes are in GridFS under `file`.

    It is served while an activity cites it (`services.reports.cited`), and erased when none does.
    """

    file: str


class SightRecord(Sight, Record):
    """Evidence cited by an activity in its latest version; `id` is that of the activity; `digests` are indexed."""

    digests: tuple[str, ...] = ()


class KnownTown(Record):
    """A town of the roster, for the board, the schedule and public cards. `closes`: whether any of its rules names a
    day for the closing; `public`: whether it shows cards; `abolished_on`: from then on there is no such town."""

    name: str = ""
    county_name: str = ""
    rules: Ruled = Ruled()
    closes: bool = False
    public: bool = False
    abolished_on: date | None = None


class Schedule(Record):
    """When the schedule of a town was last looked at, by a clock that could be trusted; `id` is the town's."""

    looked_on: date


class Checkpoint(Record):
    """Index of a stream as a closing left it; `id` is `source:kind of period`, `version` is `upto`.

    `form`: of the program that wrote it; another form is not read. `entries`: compressed JSON.
    """

    source: str
    upto: int
    hash: str
    form: str
    sealed: tuple[int, ...] = ()
    entries: str


CLOSINGS = Collection("closings", Closing, "closing", events_out.ClosingFact, left=(("town", "year"),))
PROGRESS = Collection(
    "progress", Progress, indexes=(Index(("state", "_id")), Index(("town", "period"))), left=(("state",),)
)
NOTICES = Collection("notices", Notice, "notice", events_out.NoticeFact, left=(("town",),))
SEALS = Collection("seals", Seal, indexes=(Index(("closing_id",)),))
REPORTS = Collection("reports", ReportRecord, indexes=(Index(("town", "period"), unique=True),))
EDITIONS = Collection(
    "editions", Edition, indexes=(Index(("town", "period")), Index(("report_id", "content")))
)
CONTENTS = Collection("contents", Content)
BOARD = Collection("board", Standing, indexes=(Index(("period", "town")),))
AREA_PERIODS = Collection("area_periods", AreaPeriod)
WINDOWS = Collection("windows", WindowRecord)
EXTENSIONS = Collection("extensions", Extension, "extension", events_out.ExtensionFact)
WORDINGS = Collection("wordings", WordingRecord, left=(("town",),))
TOWNS = Collection("towns", KnownTown, indexes=(Index(("closes",)),), left=(("closing_on",), ("town",)))
CONFIRMATIONS = Collection(
    "confirmations", Confirmation, "file", events_out.FileFact, (Index(("town", "year")),)
)
OBJECTIONS = Collection(
    "objections",
    Objection,
    "objection",
    events_out.ObjectionFact,
    (Index(("town", "year")), Index(("town", "objectors"))),
)
PHOTOGRAPHS = Collection(
    "photographs", PhotographRecord, indexes=(Index(("file",)),), left=(("town",), ("withdrawn",))
)
SIGHTS = Collection("sights", SightRecord, indexes=(Index(("town", "digests")), Index(("town", "held_on"))))
CHECKPOINTS = Collection("checkpoints", Checkpoint, indexes=(Index(("source", "-upto")),))
SCHEDULES = Collection("schedules", Schedule)
ALL: tuple[Collection[Any], ...] = (
    *(CLOSINGS, PROGRESS, NOTICES, SEALS, REPORTS, EDITIONS, WORDINGS, TOWNS),
    *(CONFIRMATIONS, OBJECTIONS, PHOTOGRAPHS, SIGHTS, CHECKPOINTS, SCHEDULES, CONTENTS),
    *(BOARD, AREA_PERIODS, WINDOWS, EXTENSIONS),
)


async def closings_of(work: Work, period: str) -> list[Progress]:
    return await work.find(PROGRESS, {"period": period})


async def latest_progress(work: Work, period: str) -> Progress | None:
    return max(await closings_of(work, period), key=lambda progress: progress.order, default=None)


async def waiting_progress(work: Work, period: str | None = None) -> list[Progress]:
    """Closings that are not compiled yet, of one period or of all."""
    of_period = {"period": period} if period is not None else {}
    return await work.find(PROGRESS, {**of_period, "state": "waiting"})


async def seals_of(work: Work, closing_id: str) -> dict[str, Seal]:
    return {seal.service: seal for seal in await work.find(SEALS, {"closing_id": closing_id})}


async def report_of(work: Work, period: str) -> ReportRecord | None:
    reports = await work.find(REPORTS, {"period": period})
    return reports[0] if reports else None


async def edition(work: Work, report_id: str, version: int) -> Report | None:
    kept = await work.get(EDITIONS, f"{report_id}:{version}")
    if kept is None or kept.content is None:
        return kept.report if kept else None
    return _said(kept, await work.require(CONTENTS, kept.content))


async def edition_of(reader: Reader, report_id: str, version: int) -> Report | None:
    """The edition of a report of any town."""
    found = await reader.find("editions", {"_id": f"{report_id}:{version}"}, limit=1)
    kept = EDITIONS.load(found[0]) if found else None
    if kept is None or kept.content is None:
        return kept.report if kept else None
    contents = await reader.find("contents", {"_id": kept.content}, limit=1)
    return _said(kept, CONTENTS.load(contents[0])) if contents else None


def _said(kept: Edition, content: Content) -> Report:
    report = Report.model_validate_json(zlib.decompress(base64.b64decode(content.text)))
    return report.model_copy(update={"version": kept.edition, "status": kept.status})


def content_of(town: str, report_id: str, report: Report) -> Content:
    """What a report says, without its version and status."""
    text = report.model_copy(update={"version": 0, "status": ReportStatus.DRAFT}).model_dump_json().encode()
    return Content(
        id=f"{report_id}:{hashlib.sha256(text).hexdigest()}",
        town=town,
        report_id=report_id,
        text=base64.b64encode(zlib.compress(text, 1)).decode(),
    )


async def wording_of(work: Work, period: str) -> WordingRecord:
    """The record of the period, or an empty one of version 0."""
    id = f"{work.town}:{period}"
    return await work.get(WORDINGS, id) or WordingRecord(id=id, town=work.town, period=period)


async def confirmations_of(work: Work, year: int) -> list[Confirmation]:
    return await work.find(CONFIRMATIONS, {"year": year})


async def objections_of(work: Work, years: range) -> list[Objection]:
    """Objections to files of these years, in the order in which they were raised."""
    objections = await work.find(OBJECTIONS, {"year": {"$gte": years.start, "$lt": years.stop}})
    return sorted(objections, key=lambda objection: (objection.opened_on, objection.id))


async def open_objections(work: Work, years: range) -> list[Objection]:
    return [one for one in await objections_of(work, years) if one.state is ObjectionState.OPEN]


async def sights(work: Work, first: date, last: date) -> list[SightRecord]:
    """Evidence of activities held between two days, by day."""
    days = {"$gte": first.isoformat(), "$lte": last.isoformat()}
    held = await work.find(SIGHTS, {"held_on": days})
    return sorted(
        (sight for sight in held if sight.evidence),
        key=lambda sight: (sight.held_on or date.min, sight.title, sight.id),
    )


def in_order(seals: Mapping[str, Seal]) -> list[Seal]:
    """Seals of every source, in the order sources are listed."""
    return [seals[service] for service in SOURCES]
