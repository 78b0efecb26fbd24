"""What every process reads from its environment: prefix LVZHI_, but for the two URLs, which keep their common names."""

from pathlib import Path
from typing import Literal, Self

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Frozen. A service subclasses it; without a URL the embedded store or transport is used."""

    model_config = SettingsConfigDict(
        env_prefix="LVZHI_", env_nested_delimiter="__", frozen=True, extra="ignore", populate_by_name=True
    )

    mongodb_url: SecretStr | None = Field(None, validation_alias="MONGODB_URL")
    amqp_url: SecretStr | None = Field(None, validation_alias="AMQP_URL")

    host: str = "127.0.0.1"
    port: int = Field(8080, ge=0, le=65535)
    data_dir: Path = Path("data")
    broker_namespace: str = Field("", pattern=r"^[a-z0-9_.-]{0,30}$")
    database_prefix: str = Field("lvzhi_", pattern=r"^[a-z0-9_]{0,30}$")

    issuer: str = "lvzhi"
    jwks: str = Field("", description="path or https URL of the JWK set; empty: the key kept in data_dir")
    jwks_refresh_seconds: int = Field(600, ge=1)

    personal_data_keys: SecretStr | None = Field(
        None, description="id:base64 of 32 bytes, several apart by commas; the first encrypts, all decrypt"
    )

    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"

    @classmethod
    def of(cls, common: "Settings") -> Self:
        """A service's settings: what all have in common as it is there, its own from the environment."""
        return cls(**{name: getattr(common, name) for name in Settings.model_fields})
