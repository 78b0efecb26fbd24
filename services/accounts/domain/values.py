"""Value types of the records of accounts."""

from datetime import UTC, datetime
from typing import Annotated

from pydantic import PlainSerializer


def written(instant: datetime) -> str:
    """In UTC with milliseconds, so that texts sort as the instants do."""
    return instant.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


Instant = Annotated[datetime, PlainSerializer(written, when_used="json")]
