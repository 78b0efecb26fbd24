"""Routes of terms of the congress."""

from services.roster.handlers import terms
from services.roster.repository import TERMS
from services.roster.routes.roles import OFFICE
from services.roster.schemas.terms import TermIn
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
