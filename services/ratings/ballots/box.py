"""Codes on slips, and the box a code opens once.

A code is 80 random bits on a slip dealt by hand; only its SHA-256 is kept. A ballot has a random id and the choices,
nothing else: no time, no code, no address. Ballots of a meeting lie in a few boxes, each one document in which they
are ordered by their random ids, so that no order of arrival is kept; the slip says only that it is used.
"""

import hashlib
import secrets
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Final

from services.ratings import errors
from services.ratings.ballots.count import Row, Sheet
from services.ratings.domain import ABSTAIN, Meeting, Value
from shared.errors import FieldError
from shared.work import Record

ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no letter that looks like a digit. 16 symbols are 80 bits."""
LENGTH: Final = 16
BOXES: Final = 8
"""How many voters may put in their ballots at the same moment without waiting for one another."""

_READ_AS: Final = str.maketrans({"O": "0", "I": "1", "L": "1", "-": "", " ": ""})


class Slip(Record):
    """`id` is the fingerprint of the code."""

    meeting_id: str
    used: bool = False


class Ballot(Value):
    """`choices`: deputyship id → option code or abstain."""

    id: str
    choices: dict[str, str]


class Box(Record):
    meeting_id: str
    open: bool = True
    ballots: tuple[Ballot, ...] = ()


def new_code() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def shown(code: str) -> str:
    """In groups of four, as people read and type it."""
    return "-".join(code[start : start + 4] for start in range(0, LENGTH, 4))


def read_code(written: str) -> str | None:
    """The code however it was typed; None when it cannot be one."""
    code = written.upper().translate(_READ_AS)
    return code if len(code) == LENGTH and set(code) <= set(ALPHABET) else None


def fingerprint(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()


def box_id(meeting_id: str, number: int) -> str:
    return f"{meeting_id}#{number}"


def some_box(meeting_id: str) -> str:
    return box_id(meeting_id, secrets.randbelow(BOXES))


def read_choices(given: Mapping[str, str], meeting: Meeting) -> dict[str, str]:
    """One choice per deputy of the meeting; who is left blank is abstained from.

    Errors: Unacceptable naming deputies and options that are not on the ballot.
    """
    allowed = {*meeting.scheme.codes, ABSTAIN}
    found = [
        FieldError(f"body.choices.{one}", "选票上没有这一项")
        for one, code in given.items()
        if one not in meeting.deputyship_ids or code not in allowed
    ]
    if found:
        raise errors.Unacceptable("选票内容有误，未投出，请重新填写", errors=found)
    return {one: given.get(one, ABSTAIN) for one in meeting.deputyship_ids}


def put(box: Box, choices: Mapping[str, str]) -> Box:
    ballot = Ballot(id=secrets.token_hex(16), choices=dict(choices))
    return box.model_copy(update={"ballots": tuple(sorted((*box.ballots, ballot), key=lambda one: one.id))})


def counted(boxes: Iterable[Box], slips: int, meeting: Meeting) -> Sheet:
    """What the boxes hold, as the sheet a teller would have keyed; the machine lets no ballot be void or spoiled."""
    ballots = [ballot for box in boxes for ballot in box.ballots]
    rows = {}
    for one in meeting.deputyship_ids:
        marks = Counter(ballot.choices[one] for ballot in ballots)
        rows[one] = Row(counts={code: marks[code] for code in meeting.scheme.codes}, abstain=marks[ABSTAIN])
    return Sheet(entry=1, teller="", issued=slips, returned=len(ballots), void=0, rows=rows)
