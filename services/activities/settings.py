"""Settings of the activities service."""

from pydantic import Field

from shared.settings import Settings as CommonSettings


class Settings(CommonSettings):
    """`reminder_seconds`: how often dates are looked at that come near or have passed."""

    reminder_seconds: float = Field(3600.0, gt=0)
