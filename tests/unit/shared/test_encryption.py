"""What is kept sealed opens where it was sealed and nowhere else."""

import base64
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.storage.encryption import NoDataKey, Undecryptable, Vault, is_encrypted
from shared.storage.work import Collection, Record

OLD, NEW = (f"{id}:{base64.b64encode(bytes([n]) * 32).decode()}" for id, n in (("k1", 1), ("k2", 2)))
VAULT = Vault.from_text(OLD)


class Card(Record):
    number: str | None = None
    name: str = ""


CARDS = Collection("cards", Card, encrypted=("number",))


@given(st.binary(), st.text())
def test_what_was_sealed_opens_at_its_place(value: bytes, place: str) -> None:
    sealed = VAULT.encrypt(value, place)
    assert is_encrypted(sealed)
    assert VAULT.decrypt(sealed, place) == value
    with pytest.raises(Undecryptable):
        VAULT.decrypt(sealed, f"{place}/another")


def test_the_same_value_never_looks_the_same() -> None:
    assert VAULT.encrypt(b"1", "a") != VAULT.encrypt(b"1", "a")


def test_the_first_key_seals_and_every_key_opens() -> None:
    sealed = VAULT.encrypt(b"1", "a")
    rotated = Vault.from_text(f"{NEW},{OLD}")
    assert rotated.decrypt(sealed, "a") == b"1"
    assert rotated.encrypt(b"1", "a").startswith("sealed:k2:")
    with pytest.raises(Undecryptable, match="k1"):
        Vault.from_text(NEW).decrypt(sealed, "a")


def test_another_key_of_the_same_name_opens_nothing() -> None:
    with pytest.raises(Undecryptable):
        Vault.from_text(NEW.replace("k2", "k1")).decrypt(VAULT.encrypt(b"1", "a"), "a")


def test_only_the_named_fields_of_a_document_are_sealed_and_plain_ones_are_read_as_they_are() -> None:
    document = {"_id": "1", "number": "139", "name": "王"}
    stored = VAULT.encrypt_document(CARDS, document)
    assert (is_encrypted(stored["number"]), stored["name"]) == (True, "王")
    assert VAULT.decrypt_document(CARDS, stored) == VAULT.decrypt_document(CARDS, document) == document
    assert VAULT.encrypt_document(CARDS, {"_id": "1", "number": None})["number"] is None


def test_without_a_key_nothing_is_sealed_and_the_refusal_names_the_setting() -> None:
    with pytest.raises(NoDataKey, match="LVZHI_PERSONAL_DATA_KEYS"):
        Vault().encrypt_document(CARDS, {"_id": "1", "number": "139"})
    assert Vault().encrypt_document(CARDS, {"_id": "1", "number": None}) == {"_id": "1", "number": None}


@pytest.mark.parametrize("text", ["", "k1", "k1:c2hvcnQ=", f"K 1:{'A' * 44}", f"{OLD},{OLD}", OLD[:-2]])
def test_keys_that_are_none_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="LVZHI_PERSONAL_DATA_KEYS"):
        Vault.from_text(text)


def test_an_installation_makes_its_key_once_and_keeps_it_to_itself(tmp_path: Path) -> None:
    first = Vault.from_directory(tmp_path / "keys")
    assert Vault.from_directory(tmp_path / "keys") == first
    (made,) = (tmp_path / "keys").iterdir()
    assert stat.S_IMODE(made.stat().st_mode) == 0o600


def test_keys_are_not_in_what_a_vault_says_of_itself() -> None:
    assert "keys" not in repr(VAULT)
