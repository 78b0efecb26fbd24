"""Settings of the reports service."""

from ipaddress import IPv4Network, IPv6Network
from pathlib import Path

from pydantic import Field

from shared.settings import Settings as CommonSettings


class Settings(CommonSettings):
    """`seal_seconds`: time a source has to seal before the report counts as incomplete.

    `progress_seconds`: interval between checks of open closings when nothing arrives; `schedule_seconds`: interval
    between checks of the towns' schedules. `templates_dir`: the office's own outlines and sentences instead of the
    bundled ones. `webhook_networks`: inside networks that webhooks may be sent to, besides the public Internet.
    """

    seal_seconds: float = Field(60.0, gt=0)
    progress_seconds: float = Field(1.0, gt=0)
    schedule_seconds: float = Field(600.0, gt=0)
    templates_dir: Path | None = None
    soffice: str = "soffice"
    pdf_seconds: float = Field(60.0, gt=0)
    webhook_networks: tuple[IPv4Network | IPv6Network, ...] = ()
