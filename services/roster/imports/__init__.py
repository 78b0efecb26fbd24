"""Import of the office's workbook 名册: the use case each row calls. Columns are in `sheets.py`."""

from services.roster import exports, repository
from services.roster.domain.towns import NAMES
from services.roster.handlers import groups, office, places, terms, towns
from services.roster.handlers.references import registered_town
from services.roster.imports.checks import CHECKS
from services.roster.imports.mandates import MandateRows
from services.roster.imports.people import SHEET as PEOPLE_SHEET
from services.roster.imports.people import PeopleRows
from services.roster.imports.tenures import SHEET, tenure
from services.roster.imports.votes import by_election
from services.roster.repository import TOWNS
from services.roster.schemas.by_elections import ByElectionIn
from services.roster.schemas.groups import GroupIn, GroupPatch
from services.roster.schemas.office import OfficeIn
from services.roster.schemas.people import PersonIn
from services.roster.schemas.places import ConstituencyIn, StationIn
from services.roster.schemas.terms import TermIn
from services.roster.schemas.towns import TownIn, TownPatch
from services.roster.sheets import SHEETS, VOCABULARY
from shared.chinese.numerals import whole
from shared.endpoints.imports import checked, done, filled
from shared.http import patch_of
from shared.http.bulkhead import off_the_loop
from shared.storage.work import Work
from shared.workbook import (
    Done,
    ImportReport,
    Row,
    RowGroup,
    RowProblem,
    Step,
    import_rows,
    plain,
    read,
    valid,
)

StationPatch = patch_of(StationIn)
ConstituencyPatch = patch_of(ConstituencyIn)
TermPatch = patch_of(TermIn)
OfficePatch = patch_of(OfficeIn)


async def import_workbook(work: Work, data: bytes, *, filename: str, dry_run: bool) -> ImportReport:
    book = await off_the_loop(read, data, SHEETS, filename=filename, vocabulary=VOCABULARY)
    mandates = MandateRows(book)
    steps = (
        *STEPS,
        Step(PEOPLE_SHEET, PeopleRows(book).person, (valid(PersonIn),)),
        RowGroup("补选", ("constituency", "held_on"), by_election, (valid(ByElectionIn, "elected"),)),
        Step("代表资格", mandates.deputyship, CHECKS),
        RowGroup(SHEET, ("person", "level", "started_on"), mandates.tenures, (tenure,)),
    )
    return await import_rows(work, book, steps, dry_run=dry_run, export=exports.rows)


async def _town(work: Work, row: Row) -> Done:
    if row["code"] != work.town:
        raise RowProblem("code", f"这是 {row['code']} 的名册，不是 {work.town} 的")
    values = filled(row, "code")
    before = await work.get(TOWNS, work.town)
    if before is None:
        values.pop("on", None)
        await towns.put_town(work, checked(TownIn, values))
        return "new"
    if all(values.get(name, getattr(before, name)) == getattr(before, name) for name in NAMES):
        values.pop("on", None)
    return done(before, await towns.correct_town(work, before, checked(TownPatch, values)))


async def _former_names(work: Work, row: Row) -> Done:
    """Names of before until a day; those of other days stay."""
    town = await registered_town(work)
    others = [former.model_dump() for former in town.former_names if former.until != row["until"]]
    patch = checked(TownPatch, {"former_names": [*others, filled(row)]})
    return done(town, await towns.correct_town(work, town, patch))


async def _station(work: Work, row: Row) -> Done:
    before = await repository.station_named(work, row["name"])
    values = filled(row)
    day = values.get("reception_day", "")
    number = whole(plain(day))
    if number is not None and not (before is not None and before.reception_day == day):
        values["reception_day"] = number
    if before is None:
        await places.open_station(work, checked(StationIn, values))
        return "new"
    return done(before, await places.change_station(work, before, checked(StationPatch, values)))


async def _constituency(work: Work, row: Row) -> Done:
    before = await repository.constituency_named(work, row["name"])
    values = filled(row)
    if before is None:
        await places.draw_constituency(work, checked(ConstituencyIn, values))
        return "new"
    patch = checked(ConstituencyPatch, values)
    return done(before, await places.change_constituency(work, before, patch))


async def _group(work: Work, row: Row) -> Done:
    values = filled(row, "station") | await _station_id(work, row)
    before = await repository.group_numbered(work, row["number"])
    if before is None:
        await groups.form_group(work, checked(GroupIn, values))
        return "new"
    return done(before, await groups.change_group(work, before, checked(GroupPatch, values)))


async def _station_id(work: Work, row: Row) -> dict[str, str]:
    if row["station"] is not None:
        station = await repository.station_named(work, row["station"])
        if station is None:
            message = f"没有名为“{row['station']}”的活动阵地"
            raise RowProblem("station", message, refers=("活动阵地", row["station"]))
        return {"station_id": station.id}
    return {}


async def _term(work: Work, row: Row) -> Done:
    before = await repository.term_numbered(work, row["congress_number"])
    if before is None:
        await terms.open_term(work, checked(TermIn, filled(row)))
        return "new"
    return done(before, await terms.change_term(work, before, checked(TermPatch, filled(row))))


async def _office(work: Work, row: Row) -> Done:
    before = await repository.office_of(work, row["year"])
    if before is None:
        await office.record_office(work, checked(OfficeIn, filled(row)))
        return "new"
    return done(before, await office.change_office(work, before, checked(OfficePatch, filled(row))))


STEPS: tuple[Step | RowGroup, ...] = (
    Step("镇情况", _town, (valid(TownIn),), first=True),
    Step("镇名沿革", _former_names),
    Step("活动阵地", _station, (valid(StationIn, "reception_day"),)),
    Step("选区", _constituency, (valid(ConstituencyIn),)),
    Step("届次", _term, (valid(TermIn),)),
    Step("机构和经费", _office, (valid(OfficeIn),)),
    Step("代表小组", _group, (_station_id, valid(GroupIn))),
)
