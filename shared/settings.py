"""Settings of every process, from environment variables with the prefix LVZHI_; MONGODB_URL and AMQP_URL have none."""

import re
from pathlib import Path
from typing import Annotated, Final, Literal, Self, TypeVar
from urllib.parse import quote

from pydantic import AfterValidator, Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict, SettingsError

from shared.errors import CannotStart

S = TypeVar("S", bound=BaseSettings)
LogLevel = Literal["DEBUG", "INFO", "WARNING", "ERROR"]

SECRETS: Final = Path("/run/secrets")
"""Where containers have passwords and keys: files named as the variables. The environment goes before them."""

EVERY_ORIGIN: Final = "*"
PREFIX: Final = "LVZHI_"
_FIELD: Final = re.compile(r'field "([^"]+)"')
_ORIGIN: Final = re.compile(r"https?://[a-z0-9.-]+(?::[0-9]{1,5})?|https?://\[[0-9a-f:]+\](?::[0-9]{1,5})?")


def _origin(text: str) -> str:
    """Errors: ValueError for what no browser sends as `Origin`."""
    if text != EVERY_ORIGIN and not _ORIGIN.fullmatch(text):
        raise ValueError("来源应写成 https://主机 或 https://主机:端口，小写，末尾没有斜杠；任何来源写 *")
    return text


class Settings(BaseSettings):
    """Settings common to all services, which subclass it. Without a URL the embedded database or transport is used."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_nested_delimiter="__",
        frozen=True,
        extra="ignore",
        populate_by_name=True,
        hide_input_in_errors=True,
        secrets_dir=SECRETS if SECRETS.is_dir() else None,
    )

    mongodb_url: SecretStr | None = Field(None, validation_alias="MONGODB_URL")
    mongodb_password: SecretStr | None = Field(
        None, validation_alias="MONGODB_PASSWORD", description="of the user in MONGODB_URL, if not there"
    )
    amqp_url: SecretStr | None = Field(None, validation_alias="AMQP_URL")
    amqp_password: SecretStr | None = Field(
        None, validation_alias="AMQP_PASSWORD", description="of the user in AMQP_URL, if not there"
    )

    host: str = "127.0.0.1"
    port: int = Field(8080, ge=0, le=65535)
    data_dir: Path = Path("data")
    broker_namespace: str = Field("", pattern=r"^[a-z0-9_.-]{0,30}$")
    partitions: int = Field(
        1,
        ge=1,
        le=64,
        description="queues of each service, over which the towns are distributed; replicas share them",
    )
    proxies: int = Field(
        0,
        ge=0,
        le=5,
        description="trusted proxies in front of a process without a gateway, each of which adds to X-Forwarded-For",
    )
    database_prefix: str = Field("lvzhi_", pattern=r"^[a-z0-9_]{0,30}$")

    own_issuer: str = Field("lvzhi", description="`iss` of the tokens that this installation issues")
    issuer: str = Field(
        "lvzhi", description="another issuer of tokens, beside this installation: its https URL"
    )
    jwks: str = Field(
        "", description="path or https URL of the other issuer's JWK set; empty: found by discovery"
    )
    audience: str = Field("lvzhi", description="`aud` of the other issuer's tokens")
    subject_claim: str = "sub"
    role_claims: tuple[str, ...] = ("roles", "realm_access.roles")
    area_claims: tuple[str, ...] = ("area",)
    role_names: dict[str, str] = Field({}, description="its names of roles, each with ours; empty: the same")
    area_names: dict[str, str] = Field({}, description="its names of areas, each with a division code")
    plain_tokens: bool = Field(
        default=False, description="accept its tokens of `typ` JWT without a claim `typ`"
    )
    clock_skew_seconds: int = Field(30, ge=0, le=300)
    jwks_refresh_seconds: int = Field(10, ge=1, le=30)
    own_jwks: str = Field(
        "",
        description="URL of this installation's own JWK set, in its own network; empty: the file kept in data_dir",
    )

    cors_origins: tuple[Annotated[str, AfterValidator(_origin)], ...] = Field(
        (), description="origins whose pages may use the contract in a browser; `*`: any"
    )
    cors_credentials: bool = Field(
        default=False, description="let them send cookies and the like; not together with `*`"
    )

    personal_data_keys: SecretStr | None = Field(
        None, description="id:base64 of 32 bytes, several apart by commas; the first encrypts, all decrypt"
    )

    forget_unreadable: bool = Field(
        default=False, description="erase values whose key is lost for good, and start; for one start only"
    )

    backup_dir: Path | None = Field(None, description="folder of backups, of which drills are made and shown")
    drill_days: float = Field(7.0, ge=0, description="days between drills of the newest backup; 0: none")

    log_level: LogLevel = "INFO"

    @model_validator(mode="after")
    def _credentials_go_to_named_origins(self) -> Self:
        if self.cors_credentials and EVERY_ORIGIN in self.cors_origins:
            raise ValueError("LVZHI_CORS_CREDENTIALS 打开时，LVZHI_CORS_ORIGINS 须逐一写明来源，不能是 *")
        return self

    @model_validator(mode="after")
    def _passwords_belong_to_users(self) -> Self:
        _ = self.database, self.broker
        return self

    @property
    def database(self) -> str | None:
        """URL of the database, with the password."""
        return _with_password(self.mongodb_url, self.mongodb_password, "MONGODB")

    @property
    def broker(self) -> str | None:
        """URL of the broker, with the password."""
        return _with_password(self.amqp_url, self.amqp_password, "AMQP")

    @classmethod
    def from_common(cls, common: "Settings") -> Self:
        """A service's settings: the common ones as given, its own from the environment."""
        return cls(**{name: getattr(common, name) for name in Settings.model_fields})


def _with_password(url: SecretStr | None, password: SecretStr | None, name: str) -> str | None:
    """Errors: ValueError where the URL names no user, or has a password already."""
    if url is None or password is None:
        return url.get_secret_value() if url is not None else None
    scheme, _, rest = url.get_secret_value().partition("://")
    user, at, place = rest.partition("@")
    if not at or not user or ":" in user:
        raise ValueError(
            f"有 {name}_PASSWORD 时，{name}_URL 须写明用户而不写口令：{name.lower()}://用户@主机…"
        )
    return f"{scheme}://{user}:{quote(password.get_secret_value(), safe='')}@{place}"


def from_environment(kind: type[S]) -> S:
    """The settings of a process. Errors: CannotStart, which names the variables that are wrong."""
    try:
        return kind()
    except (ValidationError, SettingsError) as error:
        raise CannotStart(wrong_setting(error, kind.model_config["env_prefix"])) from None


def wrong_setting(error: ValidationError | SettingsError, prefix: str = PREFIX) -> str:
    """Names the variables, or says what two of them contradict each other in; their values may be secrets."""
    if isinstance(
        error, SettingsError
    ):  # a list or a mapping that is no JSON; the message names its field alone
        names, sentences = _FIELD.findall(str(error)), []
    else:
        faults = error.errors(include_input=False)
        names = [str(fault["loc"][0]) for fault in faults if fault["loc"]]
        sentences = [str(fault["ctx"]["error"]) for fault in faults if not fault["loc"]]
    # a variable with another name than its field's is called by that
    variables = [name if name.isupper() else f"{prefix}{name.upper()}" for name in names]
    said = [f"设置 {'、'.join(dict.fromkeys(variables))} 的值不对"] if variables else []
    return "；".join([*said, *sentences]) + "，见 docs/configuration.md"
