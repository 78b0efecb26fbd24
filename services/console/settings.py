"""Settings of the console."""

from pydantic import Field

from shared.settings import Settings as CommonSettings


class Settings(CommonSettings):
    """The common settings, and those of the console."""

    services_url: str = Field(
        "http://gateway:8080", description="address of the services, in their own network"
    )
    accounts_url: str = Field(
        "",
        description="address of accounts itself, which is told where a sign-in comes from; empty: the same",
    )
    source_header: str = Field(
        "X-Lvzhi-Source", description="header in which the gateway says where a request comes from"
    )
    source_as: str = Field("", description="header in which it is handed on; empty: the same")
    public_url: str = Field("http://127.0.0.1:8080", description="address at which people open the pages")

    voters_url: str = Field("", description="address by which voters reach their pages; empty: the same")

    @property
    def secure(self) -> bool:
        """Whether cookies are for TLS only."""
        return self.public_url.startswith("https://")
