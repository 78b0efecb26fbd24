"""Who signed the heads that a bundle or a witness takes over: each service speaks of its own streams alone."""

import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from services.cli import witnessing
from services.cli.__main__ import app
from services.cli.bundles import Manifest, opened
from services.cli.verifying import Unverifiable
from services.host.installation import SERVICES
from shared.endpoints.heads import HEADS_TYPE, BadCheckpoint, Head, sign_checkpoint, verification_keys
from shared.envelope import GENESIS, canonical, source_of
from shared.security.keystore import KeyStore

TOWN, TIME = "340281100", "2020-12-07T00:00:00.000Z"
HEAD = {"source": source_of(TOWN, "roster"), "sequence": 1, "hash": "a" * 64, "time": TIME}
Keys = dict[str, KeyStore]


@pytest.fixture
def keys(tmp_path: Path) -> Keys:
    return {service: KeyStore(tmp_path / "keys" / service) for service in SERVICES}


def stated(keys: Keys, service: str, *sources: str, by: str = "") -> str:
    """A statement of the heads of a service, signed with the key of `by`."""
    heads = [[source, 0, GENESIS] for source in sources or (source_of(TOWN, service),)]
    content = {"area": TOWN, "service": service, "time": TIME, "heads": heads}
    return keys[by or service].sign(canonical(content), kind=HEADS_TYPE)


def bundle(path: Path, statements: list[str], published: str) -> Path:
    manifest = Manifest(area=TOWN, statements=statements, keys=published)
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("manifest.json", manifest.model_dump_json())
    return path


def published(keys: Keys) -> str:
    return witnessing.joined((service, str(store.published(), "utf-8")) for service, store in keys.items())


def as_of_before(keys: Keys) -> str:
    """Keys as an earlier release put them into a bundle, without whose they are."""
    every = [json.loads(store.published())["keys"] for store in keys.values()]
    return json.dumps({"keys": [key for own in every for key in own]})


@pytest.mark.parametrize("published_as", [published, as_of_before])
def test_a_bundle_of_each_services_own_statement_verifies(
    tmp_path: Path, keys: Keys, published_as: Callable[[Keys], str]
) -> None:
    whole = bundle(tmp_path / "b.zip", [stated(keys, service) for service in SERVICES], published_as(keys))
    assert CliRunner().invoke(app, ["bundle", "verify", str(whole)]).exit_code == 0


FORGED: dict[str, Callable[[Keys], str]] = {
    "a log of another service": lambda keys: stated(keys, "reports", source_of(TOWN, "roster")),
    "as another service": lambda keys: stated(keys, "roster", by="reports"),
    "a log of another area": lambda keys: stated(keys, "reports", source_of("340282100", "reports")),
    "a log twice": lambda keys: stated(keys, "reports", *[source_of(TOWN, "reports")] * 2),
}


@pytest.mark.parametrize("what", FORGED)
@pytest.mark.parametrize("pinned", [False, True])
def test_a_service_cannot_state_heads_of_another(
    tmp_path: Path, keys: Keys, what: str, *, pinned: bool
) -> None:
    statements = [*(stated(keys, service) for service in SERVICES), FORGED[what](keys)]
    forged = bundle(tmp_path / "b.zip", statements, published(keys))
    with pytest.raises(BadCheckpoint):
        opened(forged, verification_keys(published(keys)) if pinned else None)
    assert CliRunner().invoke(app, ["bundle", "verify", str(forged)]).exit_code == 1


def test_a_service_states_its_heads_once(tmp_path: Path, keys: Keys) -> None:
    statements = [*(stated(keys, service) for service in SERVICES), stated(keys, "roster")]
    with pytest.raises(Unverifiable, match="两次写明"):
        opened(bundle(tmp_path / "b.zip", statements, published(keys)), None)


@pytest.mark.parametrize(("signer", "status"), [("roster", 0), ("reports", 1)])
def test_a_witness_takes_a_head_of_its_own_service_alone(
    tmp_path: Path, keys: Keys, signer: str, status: int
) -> None:
    heads = tmp_path / "heads.txt"
    heads.write_text(sign_checkpoint(keys[signer], Head.model_validate(HEAD)))
    places = [argument for store in keys.values() for argument in ("--jwks", str(store.jwks_path))]
    given = ["-o", str(tmp_path / "witnessed.txt"), "--keys", str(tmp_path / "county")]
    done = CliRunner().invoke(app, ["heads", "witness", str(heads), *places, *given])
    assert done.exit_code == status, done.output
    assert ("不是所给的密钥签的" in done.output) == (status == 1)


def test_a_key_set_of_no_named_service_witnesses_nothing(tmp_path: Path, keys: Keys) -> None:
    heads, unnamed = tmp_path / "heads.txt", tmp_path / "keys.json"
    heads.write_text(sign_checkpoint(keys["roster"], Head.model_validate(HEAD)))
    unnamed.write_bytes(keys["roster"].published())
    given = ["--jwks", str(unnamed), "-o", str(tmp_path / "w.txt"), "--keys", str(tmp_path / "county")]
    done = CliRunner().invoke(app, ["heads", "witness", str(heads), *given])
    assert (done.exit_code, "哪个服务" in done.output) == (1, True), done.output


def test_a_bundle_is_verified_with_the_keys_of_each_service(tmp_path: Path, keys: Keys) -> None:
    whole = bundle(tmp_path / "b.zip", [stated(keys, service) for service in SERVICES], published(keys))
    own = [argument for store in keys.values() for argument in ("--keys", str(store.jwks_path))]
    done = CliRunner().invoke(app, ["bundle", "verify", str(whole), *own])
    assert (done.exit_code, "没有给出公钥" in done.output) == (0, False), done.output
    assert CliRunner().invoke(app, ["bundle", "verify", str(whole), *own[2:]]).exit_code == 1
