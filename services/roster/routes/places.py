"""Routes of stations and constituencies."""

from services.roster.handlers import places
from services.roster.repository import CONSTITUENCIES, STATIONS
from services.roster.routes.roles import OFFICE
from services.roster.schemas.places import ConstituencyIn, StationIn
from shared.http import EVERYONE, resource

stations = resource(
    "stations",
    STATIONS,
    body=StationIn,
    create=places.open_station,
    change=places.change_station,
    equals=("name", "kind"),
    words=places.words,
    read=EVERYONE,
    write=OFFICE,
    label="活动阵地",
)
constituencies = resource(
    "constituencies",
    CONSTITUENCIES,
    body=ConstituencyIn,
    create=places.draw_constituency,
    change=places.change_constituency,
    equals=("name",),
    read=EVERYONE,
    write=OFFICE,
    label="选区",
)
