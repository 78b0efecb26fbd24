"""The realm of the compose profile: its tokens say what the services read, and nobody gives himself an area."""

import json
from typing import Any

from shared.security.tokens import ROLES
from shared.settings import Settings
from tests.architecture.sources import ROOT

TEXT = (ROOT / "deploy" / "keycloak" / "lvzhi-realm.json").read_text("utf-8")
REALM: dict[str, Any] = json.loads(TEXT)
(CLIENT,) = REALM["clients"]
MAPPERS = {mapper["protocolMapper"]: mapper["config"] for mapper in CLIENT["protocolMappers"]}
(PROFILE,) = REALM["components"]["org.keycloak.userprofile.UserProfileProvider"]
ATTRIBUTES = {
    attribute["name"]: attribute
    for attribute in json.loads(PROFILE["config"]["kc.user.profile.config"][0])["attributes"]
}


def test_its_roles_are_those_of_the_services() -> None:
    assert {role["name"] for role in REALM["roles"]["realm"]} == ROLES


def test_its_access_tokens_say_roles_areas_and_audience_where_they_are_looked_for() -> None:
    settings = Settings()
    assert MAPPERS["oidc-usermodel-realm-role-mapper"]["claim.name"] in settings.role_claims
    assert MAPPERS["oidc-usermodel-attribute-mapper"]["claim.name"] in settings.area_claims
    assert MAPPERS["oidc-audience-mapper"]["included.client.audience"] == settings.audience
    assert {config["access.token.claim"] for config in MAPPERS.values()} == {"true"}
    assert {config["id.token.claim"] for config in MAPPERS.values()} == {"false"}
    assert REALM["defaultSignatureAlgorithm"] == "ES256"


def test_areas_are_given_by_an_administrator_and_are_codes() -> None:
    area = ATTRIBUTES[MAPPERS["oidc-usermodel-attribute-mapper"]["user.attribute"]]
    assert area["permissions"]["edit"] == ["admin"]
    assert area["validations"]["pattern"]["pattern"] == "^[0-9]{2,9}$"
    assert not REALM["registrationAllowed"]


def test_a_password_reaches_keycloak_alone_and_nobody_is_in_the_file() -> None:
    assert not {"users", "secret", "credentials"} & {*REALM, *CLIENT}
    assert (CLIENT["directAccessGrantsEnabled"], CLIENT["implicitFlowEnabled"]) == (False, False)
    assert CLIENT["attributes"]["pkce.code.challenge.method"] == "S256"
