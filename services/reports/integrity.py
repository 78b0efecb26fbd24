"""Integrity checks of the collections: references between records, and which collections are read models."""

from collections.abc import Iterator

from services.reports.events_in import SOURCES
from services.reports.notation import period_text
from services.reports.repository import (
    ALL,
    CHECKPOINTS,
    CLOSINGS,
    CONTENTS,
    EDITIONS,
    PROGRESS,
    REPORTS,
    SEALS,
    SIGHTS,
    TOWNS,
    Progress,
)
from services.reports.webhooks.records import WEBHOOKS
from shared.endpoints.integrity import Checks, Reference
from shared.events.rebuild import ReadModel


def troubles(progress: Progress) -> Iterator[str]:
    """Why a waiting closing cannot be compiled."""
    if progress.state == "waiting":
        for source, reason in sorted(progress.trouble.items()):
            yield f"{period_text(progress.period)}的封账没有编成总结（{source}）：{reason}"


READ_MODEL = ReadModel(streams=SOURCES, collections=(SEALS, SIGHTS, TOWNS, CHECKPOINTS))
CHECKS = Checks(
    collections=(*ALL, WEBHOOKS),
    copies=(SIGHTS, TOWNS),
    identities={PROGRESS.name: troubles},
    references=(
        Reference(PROGRESS, "_id", CLOSINGS),
        Reference(SEALS, "closing_id", CLOSINGS),
        Reference(REPORTS, "closing_id", CLOSINGS),
        Reference(EDITIONS, "report_id", REPORTS),
        Reference(EDITIONS, "content", CONTENTS),
    ),
)
