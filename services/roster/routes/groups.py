"""Routes of deputy groups."""

from services.roster.handlers import groups
from services.roster.repository import GROUPS
from services.roster.routes.roles import OFFICE
from services.roster.schemas.groups import GroupIn, GroupPatch
from shared.http import EVERYONE, resource

records = resource(
    "groups",
    GROUPS,
    body=GroupIn,
    patch=GroupPatch,
    create=groups.form_group,
    change=groups.change_group,
    equals=("number", "level"),
    words=groups.words,
    read=EVERYONE,
    write=OFFICE,
    label="代表小组",
)
