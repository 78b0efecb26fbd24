"""The ratings put together: commands and queries (`routes`), what they hear (`consumers`), keep and tell."""

from services.ratings.consumers import SUBSCRIPTION
from services.ratings.events_out import PUBLISHED
from services.ratings.repository import ALL
from services.ratings.routes import api
from services.ratings.settings import Settings
from shared.runtime import Service


def service(settings: Settings | None = None) -> Service:
    return Service(
        name="ratings",
        api=api,
        settings=settings or Settings(),
        collections=ALL,
        published=PUBLISHED,
        subscription=SUBSCRIPTION,
    )
