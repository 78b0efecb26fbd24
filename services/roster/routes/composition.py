"""Routes of the composition of the congress on a day."""

from services.roster.handlers import composition
from services.roster.schemas.composition import Composition
from services.roster.schemas.roster import AsOf
from shared.http import EVERYONE, Call, route


@route("GET", "/towns/{town}/composition", roles=EVERYONE)
async def composition_on(call: Call[AsOf]) -> Composition:
    """某一天代表大会的组成（默认今天）：名额、在任、暂停、缺额，主席团，小组，结构，以及不相符之处。"""
    return await composition.composition_on(call.work, call.query.as_of or call.work.clock.today())
