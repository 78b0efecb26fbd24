"""The activities service put together: its commands and queries, what it hears, what it keeps and tells."""

from services.activities import driver
from services.activities.consumers import SUBSCRIPTION
from services.activities.events_out import PUBLISHED
from services.activities.repository import ALL
from services.activities.routes import api
from services.activities.settings import Settings
from shared.process.service import Service


def service(settings: Settings | None = None) -> Service:
    return Service(
        name="activities",
        api=api,
        settings=settings or Settings(),
        collections=ALL,
        published=PUBLISHED,
        subscription=SUBSCRIPTION,
        tasks=(driver.chores,),
    )
