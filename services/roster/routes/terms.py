"""Routes of terms of the congress."""

from services.roster.handlers import terms
from services.roster.repository import TERMS
from services.roster.routes.roles import OFFICE
from services.roster.schemas.terms import EndTermIn, TermIn
from shared.http import EVERYONE, resource

records = resource(
    "terms",
    TERMS,
    body=TermIn,
    create=terms.open_term,
    change=terms.change_term,
    equals=("congress_number",),
    read=EVERYONE,
    write=OFFICE,
    label="届次",
)
end = records.command(
    "end",
    EndTermIn,
    terms.end_term,
    write=OFFICE,
    label="换届：本届届满，本届还在任的镇代表一并任期届满，全部成功或全部不成功",
)
