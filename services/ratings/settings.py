"""Settings of the ratings service."""

from pathlib import Path

from pydantic import Field

from shared.settings import Settings as CommonSettings


class Settings(CommonSettings):
    """The folder of box keys is shared by all processes of this service, and must not be part of backups."""

    box_keys_seconds: float = 1.0
    """Interval at which keys of counted boxes are destroyed."""

    slips_font: Path | None = None
    """A font file with Chinese characters for slips; default the first found in the system's font folders."""

    voters_url: str = Field(
        "",
        pattern=r"^(https?://[^\s/?#]+/?)?$",
        description="address by which voters reach their pages, printed on slips; empty: that of the request",
    )

    @property
    def box_keys_dir(self) -> Path:
        return self.data_dir / "box-keys"
