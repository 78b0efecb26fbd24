"""Settings of every process, from environment variables with the prefix LVZHI_; MONGODB_URL and AMQP_URL have none."""

from pathlib import Path
from typing import Literal, Self

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Settings common to all services, which subclass it. Without a URL the embedded database or transport is used."""

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
    def from_common(cls, common: "Settings") -> Self:
        """A service's settings: the common ones as given, its own from the environment."""
        return cls(**{name: getattr(common, name) for name in Settings.model_fields})
