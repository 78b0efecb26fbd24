"""The ratings put together: commands and queries (`routes`), what they hear (`consumers`), keep and tell."""

from services.ratings.consumers import SUBSCRIPTION
from services.ratings.driver import destroy_keys
from services.ratings.events_out import PUBLISHED
from services.ratings.repository import ALL
from services.ratings.routes import api, build
from services.ratings.settings import Settings
from shared.process.service import Service


def service(settings: Settings | None = None) -> Service:
    return Service(
        name="ratings",
        api=build(settings) if settings else api,
        settings=settings or Settings(),
        collections=ALL,
        published=PUBLISHED,
        subscription=SUBSCRIPTION,
        tasks=(destroy_keys,),
    )
