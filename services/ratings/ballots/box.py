"""Slips with one-time codes, and the encrypted ballot cast with each.

A code is 80 random bits on a slip distributed by hand; only its SHA-256 is stored. A ballot is encrypted to the key of
the meeting's box (HPKE, RFC 9180) when it is received, and stored in the document of its slip, so that both are written
atomically. All ciphertexts have the same length. When the meeting closes, the ballots are decrypted together, counted
and deleted, and the key is destroyed.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Final
from urllib.parse import quote

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from services.ratings import errors
from services.ratings.ballots.count import Row, Sheet
from services.ratings.domain import ABSTAIN, Meeting
from shared.errors import FieldError
from shared.storage.work import Record

LENGTH: Final = 16
"""Symbols of a code: 80 bits."""

_SUITE: Final = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)
_INFO: Final = b"lvzhi ballot 1 "


class Slip(Record):
    """`id` is the code's fingerprint; `sealed` (the stored name) the encrypted ballot of a used slip, until counted."""

    meeting_id: str
    used: bool = False
    on_paper: bool = False
    sealed: str = ""
    void: bool = False


def ballot_lines(meeting: Meeting) -> tuple[str, ...]:
    """Lines of the ballot: deputies in the order of the meeting, each once or once per dimension as `id/dimension`."""
    return tuple(
        line_of(deputyship_id, dimension)
        for deputyship_id in meeting.deputyship_ids
        for dimension in meeting.scheme.dimensions or ("",)
    )


def line_of(deputyship_id: str, dimension: str) -> str:
    return f"{deputyship_id}/{dimension}" if dimension else deputyship_id


FILLER: Final = "."
"""A padding character that occurs in no option code and takes one byte in a form."""


def marks_of(meeting: Meeting) -> dict[str, str]:
    """Form values of the voters' page by option, abstention and no choice, padded to one length.

    The length of a request must not reveal the choice.
    """
    codes = ("", *_marks(meeting))
    longest = max(len(quote(code)) for code in codes)
    return {code: FILLER * (longest - len(quote(code))) + code for code in codes}


def by_name(choices: Mapping[str, str], meeting: Meeting) -> dict[str, str]:
    """Choices by line and option code; the voters' page sends places of lines and padded options."""
    places = {str(n): line for n, line in enumerate(ballot_lines(meeting))}
    chosen = {places.get(at, at): mark.lstrip(FILLER) for at, mark in choices.items()}
    return {line: code for line, code in chosen.items() if code}


def read_choices(choices: Mapping[str, str], meeting: Meeting) -> dict[str, str]:
    """One choice for every line of the ballot; a blank line is an abstention.

    Errors: Unacceptable naming deputies and options that are not on the ballot.
    """
    choices = by_name(choices, meeting)
    allowed, lines = {*meeting.scheme.codes, ABSTAIN}, ballot_lines(meeting)
    faults = [
        FieldError(f"body.choices.{line}", "选票上没有这一项")
        for line, code in choices.items()
        if line not in lines or code not in allowed
    ]
    if faults:
        raise errors.Unacceptable("选票内容有误，未投出，请重新填写", errors=faults)
    return {line: choices.get(line, ABSTAIN) for line in lines}


def require_every_line(choices: Mapping[str, str], meeting: Meeting) -> None:
    """A form that is cast sends every line, an abstention as well: one that was cut off or left empty is no ballot.

    Errors: Unacceptable naming the lines that are missing.
    """
    places = {str(n): line for n, line in enumerate(ballot_lines(meeting))}
    sent = {places.get(at, at) for at in choices}
    missing = [line for line in ballot_lines(meeting) if line not in sent]
    if missing:
        faults = [FieldError(f"body.choices.{line}", "没有收到这一项") for line in missing]
        raise errors.Unacceptable("选票没有收全，未投出，请重新填写", errors=faults)


def encrypt(public: str, slip_id: str, choices: Mapping[str, str], meeting: Meeting) -> str:
    """The ciphertext in hexadecimal: one byte per line, bound to this slip."""
    marks = _marks(meeting)
    plain = bytes(marks.index(choices[line]) for line in ballot_lines(meeting))
    key = X25519PublicKey.from_public_bytes(bytes.fromhex(public))
    return _SUITE.encrypt(plain, key, info=_info(meeting, slip_id)).hex()


def decrypt(private: X25519PrivateKey, slip: Slip, meeting: Meeting) -> dict[str, str]:
    """Errors: BallotBroken when it was not encrypted for this slip."""
    marks = _marks(meeting)
    try:
        plain = _SUITE.decrypt(bytes.fromhex(slip.sealed), private, info=_info(meeting, slip.id))
    except InvalidTag:
        raise errors.BallotBroken("有选票存入以后被改动，不能计票") from None
    return {line: marks[mark] for line, mark in zip(ballot_lines(meeting), plain, strict=True)}


def count_ballots(ballots: Iterable[Mapping[str, str]], slips: int, meeting: Meeting) -> tuple[Sheet, ...]:
    """Ballots of a box as count sheets; electronic ballots are never void or spoiled."""
    chosen = list(ballots)

    def row(line: str) -> Row:
        marks = Counter(ballot[line] for ballot in chosen)
        return Row(counts={code: marks[code] for code in meeting.scheme.codes}, abstain=marks[ABSTAIN])

    return tuple(
        Sheet(
            entry=1,
            teller="",
            dimension=dimension,
            issued=slips,
            returned=len(chosen),
            void=0,
            rows={
                deputyship_id: row(line_of(deputyship_id, dimension))
                for deputyship_id in meeting.deputyship_ids
            },
        )
        for dimension in meeting.scheme.dimensions or ("",)
    )


def _marks(meeting: Meeting) -> tuple[str, ...]:
    return (*meeting.scheme.codes, ABSTAIN)


def _info(meeting: Meeting, slip_id: str) -> bytes:
    return _INFO + f"{meeting.id} {slip_id}".encode()
