"""Integrity checks of the collections: references between records, and which collections are read models."""

from services.reports.events_in import SERVICES
from services.reports.repository import ALL, CLOSINGS, EDITIONS, PROGRESS, REPORTS, SEALS, SIGHTS, TOWNS
from shared.endpoints.integrity import Checks, Reference
from shared.events.rebuild import ReadModel

READ_MODEL = ReadModel(streams=SERVICES, collections=(SEALS, SIGHTS, TOWNS))
CHECKS = Checks(
    collections=ALL,
    copies=(SIGHTS, TOWNS),
    references=(
        Reference(PROGRESS, "_id", CLOSINGS),
        Reference(SEALS, "closing_id", CLOSINGS),
        Reference(REPORTS, "closing_id", CLOSINGS),
        Reference(EDITIONS, "report_id", REPORTS),
    ),
)
