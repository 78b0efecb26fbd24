"""Issuing and withdrawing the codes of stations, and taking in what voters leave by them."""

from services.activities.domain.codes import LENGTH, OpinionCode
from services.activities.domain.opinions import Channel, Opinion
from services.activities.errors import OpinionCodeRevoked, OpinionCodeUnknown
from services.activities.handlers.contacts import keep_contact
from services.activities.handlers.opinions import receive_opinion
from services.activities.repository import OPINION_CODES, STATIONS
from services.activities.schemas import ContactIn, Left, Nothing, OpinionIn
from shared.security.codes import new
from shared.storage.work import Work
from shared.workbook import row_id

SHEET = "选民意见"
RECEIPT_LENGTH = 8


async def issue_code(work: Work, station_id: str) -> OpinionCode:
    await work.require(STATIONS, station_id)
    code = OpinionCode(id=new(LENGTH), town=work.town, station_id=station_id, issued_on=work.clock.today())
    return work.create(OPINION_CODES, code, "issued")


async def revoke_code(work: Work, code: OpinionCode, _: Nothing) -> OpinionCode:
    """A poster that is lost or abused; what came in by it stays."""
    if code.revoked_on is not None:
        return code
    return work.change(OPINION_CODES, code.model_copy(update={"revoked_on": work.clock.today()}), "revoked")


async def valid_code(work: Work, id: str) -> OpinionCode:
    code = await work.get(OPINION_CODES, id)
    if code is None:
        raise OpinionCodeUnknown
    if code.revoked_on is not None:
        raise OpinionCodeRevoked
    return code


async def leave_opinion(work: Work, code_id: str, left: Left) -> Opinion:
    """By a voter, of whom nothing is known but what he leaves. `reference` is what his receipt says."""
    code = await valid_code(work, code_id)
    work.change(OPINION_CODES, code.taking_one(work.clock.now()), "used")
    body = OpinionIn(
        received_on=work.clock.today(),
        channel=Channel.QR,
        station_id=code.station_id,
        category=left.category,
        text=left.text,
    )
    reference = f"码{new(RECEIPT_LENGTH)}"
    opinion = await receive_opinion(
        work, body, given_id=row_id(work.town, SHEET, reference), reference=reference
    )
    if left.name or left.phone:
        await keep_contact(work, opinion, None, ContactIn(name=left.name, phone=left.phone))
    return opinion
