"""Settings of the roster service."""

from shared.settings import Settings as CommonSettings


class Settings(CommonSettings):
    """The common settings only."""
