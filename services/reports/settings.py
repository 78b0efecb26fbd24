"""Settings of the reports service."""

from pathlib import Path

from pydantic import Field

from shared.settings import Settings as CommonSettings


class Settings(CommonSettings):
    """`seal_seconds`: how long a source may take to seal before the report is called incomplete.

    `progress_seconds`: how often open closings are looked at when nothing arrives; `schedule_seconds`: how often the
    schedules of the towns are. `templates_dir`: outlines and
    sentences of the office's own; those that come with the program when it is not given.
    """

    seal_seconds: float = Field(60.0, gt=0)
    progress_seconds: float = Field(1.0, gt=0)
    schedule_seconds: float = Field(600.0, gt=0)
    templates_dir: Path | None = None
    soffice: str = "soffice"
    pdf_seconds: float = Field(60.0, gt=0)
