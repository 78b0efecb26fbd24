"""Forms and answers of the OAuth endpoints (RFC 6749 §§ 4.4, 5, 6; RFC 7009; RFC 8414)."""

from typing import Annotated, Literal, Self

from pydantic import BaseModel, Field

from services.accounts.domain.sessions import ACCESS_SECONDS


class TokenIn(BaseModel):
    grant_type: Literal["client_credentials", "refresh_token"]
    client_id: str = ""
    client_secret: str = ""
    scope: str = ""
    refresh_token: str = ""


class RevokeIn(BaseModel):
    token: Annotated[str, Field(min_length=1)]
    client_id: str = ""
    client_secret: str = ""


class OAuthErrorOut(BaseModel):
    error: str
    error_description: str


class TokenOut(BaseModel):
    access_token: str
    token_type: str
    expires_in: int
    scope: str
    refresh_token: str = ""

    @classmethod
    def bearer(cls, token: str, roles: list[str]) -> Self:
        return cls(
            access_token=token,
            token_type="Bearer",  # noqa: S106 - a kind of token
            expires_in=ACCESS_SECONDS,
            scope=" ".join(roles),
        )


class RevokedOut(BaseModel):
    """Empty: a token that is unknown counts as revoked (RFC 7009 § 2.2)."""


class IssuerOut(BaseModel):
    issuer: str
    token_endpoint: str
    revocation_endpoint: str
    jwks_uri: str
    service_documentation: str
    response_types_supported: list[str]
    grant_types_supported: list[str]
    scopes_supported: list[str]
    token_endpoint_auth_methods_supported: list[str]
    revocation_endpoint_auth_methods_supported: list[str]
