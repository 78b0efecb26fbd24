"""Settings of the activities service."""

from shared.settings import Settings as CommonSettings


class Settings(CommonSettings):
    """Nothing of its own so far."""
