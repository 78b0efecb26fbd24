"""The Kubernetes manifests: valid by the published schemas, and the same installation as that of the compose file."""

from typing import Any

import pytest
import yaml

from services.cli.setup import MADE
from services.host.installation import DEPLOYED
from shared.storage.mongo import START_SECONDS
from tests.architecture.sources import ROOT
from tests.architecture.test_compose import COMPOSE, secrets_of

FOLDER = ROOT / "deploy" / "kubernetes"
KUSTOMIZATION: dict[str, Any] = yaml.safe_load((FOLDER / "kustomization.yaml").read_text("utf-8"))
MANIFESTS: list[dict[str, Any]] = [
    manifest
    for name in KUSTOMIZATION["resources"]
    for manifest in yaml.safe_load_all((FOLDER / name).read_text("utf-8"))
]
DEPLOYMENTS = {one["metadata"]["name"]: one for one in MANIFESTS if one["kind"] == "Deployment"}
OLDEST, NEWEST = "1.28", ""
"""The version that the documentation names, and the last that the validator knows."""


def pod(name: str) -> Any:
    return DEPLOYMENTS[name]["spec"]["template"]["spec"]


def container(name: str) -> Any:
    (only,) = pod(name)["containers"]
    return only


def validate(manifest: dict[str, Any], version: str) -> None:
    """Strictly: an unknown field is an error."""
    import kubernetes_validate

    kubernetes_validate.validate(manifest, version or kubernetes_validate.latest_version(), strict=True)


@pytest.mark.parametrize("version", [OLDEST, NEWEST], ids=["oldest", "newest"])
@pytest.mark.parametrize("manifest", MANIFESTS, ids=lambda one: f"{one['kind']}-{one['metadata']['name']}")
def test_a_manifest_is_as_the_schema_says(manifest: dict[str, Any], version: str) -> None:
    validate(manifest, version)


def test_a_misspelt_field_is_seen() -> None:
    manifest = {**DEPLOYMENTS["roster"], "spec": {**DEPLOYMENTS["roster"]["spec"], "replica": 1}}
    from kubernetes_validate import ValidationError

    with pytest.raises(ValidationError, match="replica"):
        validate(manifest, NEWEST)


def test_every_file_is_named() -> None:
    assert {file.name for file in FOLDER.glob("*.yaml")} == {
        *KUSTOMIZATION["resources"],
        "kustomization.yaml",
    }
    assert set(DEPLOYMENTS) == {*DEPLOYED, "gateway"}


@pytest.mark.parametrize("name", sorted(DEPLOYMENTS))
def test_a_container_is_the_one_of_the_compose_file(name: str) -> None:
    own, there = container(name), COMPOSE[name]
    assert own["command"] == there["command"]
    shared = {line.partition("=")[0] for line in KUSTOMIZATION["configMapGenerator"][0]["literals"]}
    given = {one["name"] for one in own["env"]} | shared
    optional = {"LVZHI_ISSUER", "LVZHI_JWKS", "LVZHI_AUDIENCE", "LVZHI_LOG_LEVEL", "LVZHI_WEBHOOK_NETWORKS"}
    optional |= {name for name, value in there["environment"].items() if value is None}
    assert set(there["environment"]) - optional <= given
    values = {one["name"]: one["value"] for one in own["env"]}
    if name in DEPLOYED:
        assert values["MONGODB_URL"] == there["environment"]["MONGODB_URL"].replace(
            "${MONGO_HOSTS:-mongo:27017}", "$(MONGO_HOSTS)"
        ).replace("${MONGO_OPTIONS:-replicaSet=lvzhi}", "$(MONGO_OPTIONS)")
    mounted = {one["mountPath"] for one in own["volumeMounts"]}
    # of the pod; a folder of backups is of one machine
    data = {mount.partition(":")[2] for mount in there.get("volumes", []) if "BACKUP" not in mount}
    assert mounted == data | {"/tmp"} | ({"/run/secrets"} if name in DEPLOYED else set())


@pytest.mark.parametrize("name", sorted(DEPLOYMENTS))
def test_a_container_has_no_rights(name: str) -> None:
    assert pod(name)["automountServiceAccountToken"] is False
    assert pod(name)["securityContext"]["runAsNonRoot"] is True
    assert container(name)["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert "memory" in container(name)["resources"]["limits"]


@pytest.mark.parametrize("name", sorted(DEPLOYMENTS))
def test_a_pod_stays_in_its_service_while_another_is_away(name: str) -> None:
    """`/health/ready` asks the broker, and the gateway's asks all services: one outage would take everything away.
    A new pod whose queues wait for those of the one before would never be ready either."""
    assert container(name)["readinessProbe"]["httpGet"] == {"path": "/health/live", "port": "http"}


def test_a_service_has_its_own_secrets() -> None:
    generated = {one["name"]: one["files"] for one in KUSTOMIZATION["secretGenerator"]}
    assert generated == {
        name: [f"{target}=secrets/{source}" for target, source in secrets_of(name).items()]
        for name in DEPLOYED
    }
    assert {file.partition("=secrets/")[2] for files in generated.values() for file in files} <= set(MADE)
    used = {
        volume["secret"]["secretName"]
        for name in DEPLOYED
        for volume in pod(name)["volumes"]
        if "secret" in volume
    }
    assert used == set(DEPLOYED)


def test_claims_are_those_that_are_mounted() -> None:
    claims = {one["metadata"]["name"] for one in MANIFESTS if one["kind"] == "PersistentVolumeClaim"}
    used = [
        volume["persistentVolumeClaim"]["claimName"]
        for name in DEPLOYMENTS
        for volume in pod(name)["volumes"]
        if "persistentVolumeClaim" in volume
    ]
    assert sorted(used) == sorted(claims)
    assert claims == {*DEPLOYED, "box-keys"}


def test_voters_come_in_by_their_own_door() -> None:
    (ingress,) = [one for one in MANIFESTS if one["kind"] == "Ingress"]
    ports = {
        rule["host"]: rule["http"]["paths"][0]["backend"]["service"]["port"]["name"]
        for rule in ingress["spec"]["rules"]
    }
    assert ports == {"lvzhi.example.gov.cn": "http", "piao.example.gov.cn": "voters"}


@pytest.mark.parametrize("name", DEPLOYED)
def test_a_start_that_builds_indexes_is_not_cut_off(name: str) -> None:
    """`mongo.START_SECONDS` for each; the port opens afterwards."""
    probe = container(name)["startupProbe"]
    assert probe["periodSeconds"] * probe["failureThreshold"] >= START_SECONDS
    assert "initialDelaySeconds" not in container(name)["livenessProbe"]
