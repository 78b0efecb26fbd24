"""Who signed the heads that a bundle or a witness takes over: each service speaks of its own streams alone."""

import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from recount.manifest import is_signed
from services.cli import witnessing
from services.cli.__main__ import app
from services.cli.bundles import Manifest, opened
from services.cli.verifying import Unverifiable
from services.host.installation import SERVICES
from shared.endpoints.heads import (
    HEADS_TYPE,
    BadCheckpoint,
    Head,
    read_area,
    sign_checkpoint,
    verification_keys,
)
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


def verified(file: Path, *keys: Path) -> tuple[int, str]:
    given = [argument for place in keys for argument in ("--keys", str(place))]
    done = CliRunner().invoke(app, ["bundle", "verify", str(file), *given])
    return done.exit_code, done.output


def test_a_collected_set_may_lie_in_any_folder(tmp_path: Path, keys: Keys) -> None:
    whole = bundle(tmp_path / "b.zip", [stated(keys, service) for service in SERVICES], published(keys))
    for folder in ("copies", "reports"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "jwks.json").write_text(published(keys))
        status, said = verified(whole, tmp_path / folder / "jwks.json")
        assert status == 0, said


def test_no_service_says_itself_for_whom_it_speaks(tmp_path: Path, keys: Keys) -> None:
    """`activities` has published its key with the note that it is that of `roster`."""
    every = [stated(keys, service, by="activities" if service == "roster" else "") for service in SERVICES]
    forged = bundle(tmp_path / "b.zip", every, published(keys))
    own = [store.jwks_path for service, store in keys.items() if service not in ("roster", "activities")]
    lying = json.loads(keys["activities"].published())["keys"]
    for name, notes in (("activities.json", ["roster"]), ("其他.json", ["roster"]), ("无名.json", [])):
        place = tmp_path / name
        noted = [key | ({"lvzhi_signs": notes} if notes else {}) for key in lying]
        place.write_text(json.dumps({"keys": noted}))
        status, said = verified(forged, place, keys["roster"].jwks_path, *own)
        assert status == 1, (name, said)


def test_a_set_that_does_not_say_whose_it_is_is_refused(tmp_path: Path, keys: Keys) -> None:
    whole = bundle(tmp_path / "b.zip", [stated(keys, service) for service in SERVICES], published(keys))
    unnamed = tmp_path / "jwks.json"
    unnamed.write_text(as_of_before(keys))
    status, said = verified(whole, unnamed)
    assert (status, "哪个服务" in said) == (1, True), said


def test_keys_may_be_a_key_folder(tmp_path: Path, keys: Keys) -> None:
    whole = bundle(tmp_path / "b.zip", [stated(keys, service) for service in SERVICES], published(keys))
    assert verified(whole, *(store.jwks_path.parent for store in keys.values()))[0] == 0


def test_the_statement_of_a_province_verifies(keys: Keys) -> None:
    heads = [[source_of(f"{340_000_000 + town}", "roster"), 1, "a" * 64] for town in range(1_500)]
    content = {"area": "34", "service": "roster", "time": TIME, "heads": heads}
    statement = keys["roster"].sign(canonical(content), kind=HEADS_TYPE)
    assert len(read_area(statement, verification_keys(published(keys))).heads) == 1_500


@pytest.mark.parametrize(("signer", "signs"), [("reports", True), ("roster", False), ("accounts", False)])
def test_a_document_is_signed_with_the_key_of_reports(keys: Keys, signer: str, *, signs: bool) -> None:
    manifest = keys[signer].sign(b"{}", kind="lvzhi-summary+jws")
    assert is_signed(manifest, json.loads(published(keys))) is signs
    assert is_signed(manifest, json.loads(as_of_before(keys)))
