"""The congress as a body: its make-up on a day, terms, by-elections, tasks of its committee, its office's year."""

from services.roster.handlers import by_elections, composition, office, tasks, terms
from services.roster.repository import BY_ELECTIONS, OFFICE_YEARS, TASKS, TERMS
from services.roster.routes.door import OFFICE, api
from services.roster.schemas.by_elections import ByElectionIn
from services.roster.schemas.composition import Composition
from services.roster.schemas.office import OfficeIn
from services.roster.schemas.roster import AsOf
from services.roster.schemas.tasks import SettleIn, TaskIn, TaskPatch
from services.roster.schemas.terms import TermIn
from shared.http import EVERYONE, Call, add_command, add_resource


@api.route("GET", "/towns/{town}/composition", roles=EVERYONE, query=AsOf)
async def composition_on(call: Call) -> Composition:
    """某一天代表大会的组成（默认今天）：名额、在任、暂停、缺额，主席团，小组，结构，以及不相符之处。"""
    return await composition.composition_on(call.work, call.query.as_of or call.work.clock.today())


add_resource(
    api,
    "terms",
    TERMS,
    body=TermIn,
    create=terms.open_term,
    change=terms.change_term,
    equals=("congress_number",),
    read=EVERYONE,
    write=OFFICE,
)
add_resource(
    api,
    "tasks",
    TASKS,
    body=TaskIn,
    patch=TaskPatch,
    create=tasks.open_task,
    change=tasks.change_task,
    equals=("deputyship_id", "kind", "state"),
    batch=False,
    read=OFFICE,
    write=OFFICE,
    label="代表资格审查委员会待审查事项",
)
add_command(api, "tasks", TASKS, "settle", SettleIn, tasks.settle_task, write=OFFICE)
add_resource(
    api,
    "by_elections",
    BY_ELECTIONS,
    body=ByElectionIn,
    create=by_elections.enter_by_election,
    change=by_elections.change_by_election,
    equals=("constituency", "held_on"),
    read=EVERYONE,
    write=OFFICE,
    label="补选",
)
add_resource(
    api,
    "office",
    OFFICE_YEARS,
    body=OfficeIn,
    create=office.record_office,
    change=office.change_office,
    equals=("year",),
    read=EVERYONE,
    write=OFFICE,
    label="机构和经费",
)
