"""Settings of the activities service."""

from pathlib import Path

from pydantic import Field

from shared.settings import Settings as CommonSettings


class Settings(CommonSettings):
    """`chores_seconds`: interval of reminders and erasures. `slips_font`: a font file with Chinese characters for PDFs;
    default the first found in the system's font folders."""

    chores_seconds: float = Field(3600.0, gt=0)
    slips_font: Path | None = None
    voters_url: str = Field(
        "",
        pattern=r"^(https?://[^\s/?#]+/?)?$",
        description="address by which voters reach their pages, printed on posters; empty: that of the request",
    )
