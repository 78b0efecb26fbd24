"""Settings of the accounts service."""

from pydantic import Field

from shared.settings import Settings as CommonSettings


class Settings(CommonSettings):
    """The common settings, and those of accounts."""

    public_url: str = Field(
        "http://127.0.0.1:8080",
        description="address at which people reach the system: in links, letters and metadata",
    )
    source_header: str = Field(
        "",
        description="header in which the gateway says where a request comes from; empty: the connection's address",
    )
    key_days: int = Field(90, ge=1, description="after which the key of tokens is replaced")
    chores_seconds: float = Field(5.0, gt=0)
