"""Settings of the activities service."""

from pydantic import Field

from shared.settings import Settings as CommonSettings


class Settings(CommonSettings):
    """`chores_seconds`: how often dates are looked at, and what is due to go is erased."""

    chores_seconds: float = Field(3600.0, gt=0)
