"""The roster put together: its commands and queries, what it hears, what it keeps and what it tells."""

from services.roster.consumers import SUBSCRIPTION
from services.roster.events_out import PUBLISHED
from services.roster.repository import ALL
from services.roster.routes import api
from services.roster.settings import Settings
from shared.process.service import Service


def service(settings: Settings | None = None) -> Service:
    return Service(
        name="roster",
        api=api,
        settings=settings or Settings(),
        collections=ALL,
        published=PUBLISHED,
        subscription=SUBSCRIPTION,
    )
