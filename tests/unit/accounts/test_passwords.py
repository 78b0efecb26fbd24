"""Hashes of passwords, and what no password may be."""

import asyncio
import re
import subprocess
import sys

from hypothesis import given
from hypothesis import strategies as st

from services.accounts.domain import passwords as rules
from services.accounts.errors import PasswordWeak
from services.accounts.handlers import passwords
from tests.probes import PATIENCE


async def test_a_hash_is_argon2id_and_fits_its_password_alone() -> None:
    phc = await passwords.hashed("quiet river 42 stones")
    assert phc.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert phc != await passwords.hashed("quiet river 42 stones")
    assert await passwords.fits("quiet river 42 stones", phc)
    assert not await passwords.fits("quiet river 42 stone", phc)
    assert not await passwords.fits("quiet river 42 stones", "not a hash")


OF_ONE_LANE = (
    "$argon2id$v=19$m=65536,t=3,p=1$36fkmhkESXAAEs0ZjGOB+A$GICJKybPv/pqqHh2G+CaEAoScA16lsaztNKkcyNlZyU"
)


async def many_at_once() -> None:
    made = (passwords.hashed(f"quiet river {number}") for number in range(3))
    tried = (passwords.fits("not the password", OF_ONE_LANE) for _ in range(3))
    await asyncio.gather(*made, *tried)


def test_many_at_once_all_come_to_an_end() -> None:
    """In a process of its own: a thread that waits for ever cannot be stopped, and two of them once did."""
    program = "import asyncio, tests.unit.accounts.test_passwords as t; asyncio.run(t.many_at_once())"
    subprocess.run([sys.executable, "-c", program], check=True, timeout=PATIENCE)


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
