"""Codes on slips, and the sealed ballot each code leaves behind once.

A code is 80 random bits on a slip dealt by hand; only its SHA-256 is kept. A ballot is sealed to the key of the
meeting's box (HPKE, RFC 9180) the moment it comes in and lies with its slip, so that both are written in one document
and neither is ever without the other. Nothing that is written tells one sealed ballot from another: all are equally
long. When the meeting closes they are opened together, counted and thrown away, and so is the key.
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
    """`id` is the code's fingerprint. Used, it bears a ballot until the box is counted, or was handed in on paper."""

    meeting_id: str
    used: bool = False
    on_paper: bool = False
    sealed: str = ""
    void: bool = False


def ballot_lines(meeting: Meeting) -> tuple[str, ...]:
    """What is chosen between: deputies in the order of the meeting, each once or, as `id/dimension`, once for each."""
    return tuple(
        line_of(one, dimension)
        for one in meeting.deputyship_ids
        for dimension in meeting.scheme.dimensions or ("",)
    )


def line_of(deputyship_id: str, dimension: str) -> str:
    return f"{deputyship_id}/{dimension}" if dimension else deputyship_id


FILLER: Final = "."
"""In no code of an option, and one byte in a form."""


def marks_of(meeting: Meeting) -> dict[str, str]:
    """By option, and for abstaining and for nothing chosen: what the voters' page sends, equally long for all of them.

    Who sees how much is sent shall not see what.
    """
    codes = ("", *_marks(meeting))
    longest = max(len(quote(code)) for code in codes)
    return {code: FILLER * (longest - len(quote(code))) + code for code in codes}


def by_name(given: Mapping[str, str], meeting: Meeting) -> dict[str, str]:
    """What was chosen, by line and option, where the voters' page names lines by their places and fills options up."""
    places = {str(n): line for n, line in enumerate(ballot_lines(meeting))}
    chosen = {places.get(at, at): mark.lstrip(FILLER) for at, mark in given.items()}
    return {line: code for line, code in chosen.items() if code}


def read_choices(given: Mapping[str, str], meeting: Meeting) -> dict[str, str]:
    """One choice for every line of the ballot; what is left blank is abstained from.

    Errors: Unacceptable naming deputies and options that are not on the ballot.
    """
    given = by_name(given, meeting)
    allowed, lines = {*meeting.scheme.codes, ABSTAIN}, ballot_lines(meeting)
    found = [
        FieldError(f"body.choices.{one}", "选票上没有这一项")
        for one, code in given.items()
        if one not in lines or code not in allowed
    ]
    if found:
        raise errors.Unacceptable("选票内容有误，未投出，请重新填写", errors=found)
    return {one: given.get(one, ABSTAIN) for one in lines}


def seal(public: str, slip_id: str, choices: Mapping[str, str], meeting: Meeting) -> str:
    """One byte a line, whichever was chosen; good for this slip alone."""
    marks = _marks(meeting)
    plain = bytes(marks.index(choices[line]) for line in ballot_lines(meeting))
    key = X25519PublicKey.from_public_bytes(bytes.fromhex(public))
    return _SUITE.encrypt(plain, key, info=_info(meeting, slip_id)).hex()


def unseal(private: X25519PrivateKey, slip: Slip, meeting: Meeting) -> dict[str, str]:
    """Errors: BallotBroken when it is not what was sealed with this slip."""
    marks = _marks(meeting)
    try:
        plain = _SUITE.decrypt(bytes.fromhex(slip.sealed), private, info=_info(meeting, slip.id))
    except InvalidTag:
        raise errors.BallotBroken("有选票在封存以后被改动，不能计票") from None
    return {line: marks[mark] for line, mark in zip(ballot_lines(meeting), plain, strict=True)}


def counted(ballots: Iterable[Mapping[str, str]], slips: int, meeting: Meeting) -> tuple[Sheet, ...]:
    """What was in the box, as the sheets a teller would have keyed; the machine lets no ballot be void or spoiled."""
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
            rows={one: row(line_of(one, dimension)) for one in meeting.deputyship_ids},
        )
        for dimension in meeting.scheme.dimensions or ("",)
    )


def _marks(meeting: Meeting) -> tuple[str, ...]:
    return (*meeting.scheme.codes, ABSTAIN)


def _info(meeting: Meeting, slip_id: str) -> bytes:
    return _INFO + f"{meeting.id} {slip_id}".encode()
