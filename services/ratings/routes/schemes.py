"""Routes of rating schemes: options, groups of raters and weights."""

from services.ratings import schemas
from services.ratings.domain import PRESETS
from services.ratings.handlers import schemes
from services.ratings.repository import SCHEMES
from services.ratings.routes.roles import OFFICE
from shared.http import EVERYONE, Call, resource, route

records = resource(
    "schemes",
    SCHEMES,
    body=schemas.SchemeIn,
    create=schemes.adopt_scheme,
    change=schemes.change_scheme,
    view=schemas.SchemeOut,
    equals=("name",),
    read=EVERYONE,
    write=OFFICE,
    label="评议办法",
)


@route("GET", "/towns/{town}/scheme_presets", roles=EVERYONE)
async def scheme_presets(_: Call) -> schemas.PresetsOut:
    """七种通行的评议办法，可照样登记，也可先改再登记。"""
    return schemas.PresetsOut.from_presets(PRESETS)
