"""Codes: what is random, how they are read, and what is kept of them."""

import pytest

from shared.security.codes import fingerprint, grouped, new, read


def test_codes_are_eighty_bits_and_never_alike() -> None:
    codes = {new(16) for _ in range(1000)}
    assert len(codes) == 1000
    assert 32 ** len(codes.pop()) == 2**80


@pytest.mark.parametrize("spell", [str, grouped, str.lower, lambda code: grouped(code).replace("-", " ")])
def test_a_code_is_read_however_it_is_typed(spell: object) -> None:
    code = new(16)
    assert callable(spell)
    assert read(spell(code), 16) == code


def test_letters_that_look_like_digits_are_those_digits() -> None:
    assert read("OIL0000000000000", 16) == "0110000000000000"


@pytest.mark.parametrize("written", ["", "ABC", "U" * 16, "A" * 17, "../../etc/passwd"])
def test_what_cannot_be_a_code_is_none(written: str) -> None:
    assert read(written, 16) is None


def test_of_a_code_only_the_fingerprint_is_kept() -> None:
    code = new(16)
    assert code not in fingerprint(code)
    assert fingerprint(code) == fingerprint(read(grouped(code), 16) or "")
