"""Settings of the activities service."""

from pydantic import Field

from shared.settings import Settings as CommonSettings


class Settings(CommonSettings):
    """`chores_seconds`: interval of reminders and erasures."""

    chores_seconds: float = Field(3600.0, gt=0)
