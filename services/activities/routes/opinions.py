"""Opinions of voters: their words are the office's alone."""

import structlog

from services.activities import schemas
from services.activities.domain.opinions import Opinion
from services.activities.handlers import opinions
from services.activities.repository import OPINIONS
from services.activities.routes.door import OFFICE, READERS, api
from shared.auth import Actor

log = structlog.get_logger(__name__)


def opinion_out(opinion: Opinion, actor: Actor) -> schemas.OpinionOut:
    """What a voter said, for the office alone; that it was read is written down."""
    in_full = actor.has("office")
    if in_full and opinion.text:
        log.info("private text read", actor=actor.sub, subject=f"opinion/{opinion.id}", town=opinion.town)
    return schemas.OpinionOut.of(opinion, in_full=in_full)


api.resource(
    "opinions",
    OPINIONS,
    body=schemas.OpinionIn,
    create=opinions.receive_opinion,
    change=opinions.change_opinion,
    view=opinion_out,
    filters=("year", "state", "channel", "station_id", "deputyship_id"),
    read=READERS,
    write=OFFICE,
    label="群众意见",
)
