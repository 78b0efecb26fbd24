"""Use cases of opinion codes: issue, revoke, and receive opinions submitted by them."""

from services.activities.domain.codes import LENGTH, OpinionCode
from services.activities.domain.opinions import Channel, Opinion
from services.activities.errors import OpinionCodeRevoked, OpinionCodeUnknown
from services.activities.handlers.contacts import keep_contact
from services.activities.handlers.opinions import receive_opinion
from services.activities.repository import OPINION_CODES, STATIONS
from services.activities.schemas import ContactIn, Nothing, OpinionForm, OpinionIn
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
    """Revoke a code, for a lost or abused poster; opinions received by it are kept."""
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


async def leave_opinion(work: Work, code_id: str, form: OpinionForm) -> Opinion:
    """Receive an opinion from an anonymous voter. Its `reference` is the number of the receipt."""
    code = await valid_code(work, code_id)
    work.change(OPINION_CODES, code.with_opinion(work.clock.now()), "used")
    body = OpinionIn(
        received_on=work.clock.today(),
        channel=Channel.QR,
        station_id=code.station_id,
        category=form.category,
        text=form.text,
    )
    reference = f"码{new(RECEIPT_LENGTH)}"
    opinion = await receive_opinion(
        work, body, given_id=row_id(work.town, SHEET, reference), reference=reference
    )
    if form.name or form.phone:
        await keep_contact(work, opinion, None, ContactIn(name=form.name, phone=form.phone))
    return opinion
