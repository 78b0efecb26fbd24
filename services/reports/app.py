"""The reports service put together: its commands and queries, what it hears, what it keeps and what it tells."""

from services.reports import narrative
from services.reports.consumers import SUBSCRIPTION
from services.reports.driver import close_on_schedule, drive_closings, erase_withdrawn
from services.reports.errors import TemplateFaulty
from services.reports.events_out import PUBLISHED
from services.reports.repository import ALL, name_periods
from services.reports.routes import api, build
from services.reports.settings import Settings
from shared.process.service import Service


def service(settings: Settings | None = None) -> Service:
    """Errors: SystemExit where templates of the office's own are faulty: told at the start, not in December."""
    templates = (settings or Settings()).templates_dir
    try:
        if templates is not None:
            narrative.check(templates)
    except TemplateFaulty as error:
        raise SystemExit(f"{error.title}：{error.detail}") from error
    return Service(
        name="reports",
        api=build(settings) if settings else api,
        settings=settings or Settings(),
        collections=ALL,
        published=PUBLISHED,
        subscription=SUBSCRIPTION,
        migrations=(name_periods,),
        tasks=(drive_closings, close_on_schedule, erase_withdrawn),
    )
