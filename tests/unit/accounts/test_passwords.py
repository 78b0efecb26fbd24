"""Hashes of passwords, and what no password may be."""

import re

from hypothesis import given
from hypothesis import strategies as st

from services.accounts.domain import passwords as rules
from services.accounts.errors import PasswordWeak
from services.accounts.handlers import passwords


async def test_a_hash_is_argon2id_and_fits_its_password_alone() -> None:
    phc = await passwords.hashed("quiet river 42 stones")
    assert phc.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert phc != await passwords.hashed("quiet river 42 stones")
    assert await passwords.fits("quiet river 42 stones", phc)
    assert not await passwords.fits("quiet river 42 stone", phc)
    assert not await passwords.fits("quiet river 42 stones", "not a hash")


async def test_without_an_account_the_same_is_computed() -> None:
    own = re.match(r".*\$m=.*?\$", await passwords.hashed("x"))
    assert own is not None
    assert passwords.NOBODYS.startswith(own[0])
    assert not await passwords.fits("nobody's", None)


@given(st.text(max_size=300))
def test_any_text_is_accepted_or_refused_with_a_reason(text: str) -> None:
    try:
        rules.check(text, "wang01", "王示例01")
    except PasswordWeak:
        return
    assert len(text) >= rules.SHORTEST or len(text.split()) >= rules.WORDS
