"""Settings of the ratings service."""

from pathlib import Path

from shared.settings import Settings as CommonSettings


class Settings(CommonSettings):
    """The folder of box keys is shared by all processes of this service, and by nothing that is copied or dumped."""

    box_keys_seconds: float = 1.0
    """How often it is looked at whose box is counted, so that its key is no longer needed."""

    slips_font: Path | None = None
    """A font file with Chinese characters to set slips with; else the first that is found where systems keep them."""

    @property
    def box_keys_dir(self) -> Path:
        return self.data_dir / "box-keys"
