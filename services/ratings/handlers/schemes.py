"""Use cases of rating schemes."""

from pydantic import BaseModel

from services.ratings import domain, schemas
from services.ratings.domain import MeetingScheme, Scheme
from services.ratings.repository import SCHEMES
from shared.errors import FieldError, Invalid
from shared.ids import new_id
from shared.storage.work import Work


async def adopt_scheme(work: Work, body: schemas.SchemeIn) -> Scheme:
    domain.check_rules(body)
    return work.create(SCHEMES, Scheme(id=new_id(), town=work.town, **body.model_dump()), "adopted")


async def change_scheme(work: Work, before: Scheme, patch: BaseModel) -> Scheme:
    """Change a scheme; meetings that have opened keep their copy."""
    sent = patch.model_dump(include=patch.model_fields_set)
    after = Scheme.model_validate(before.model_dump() | sent).disclosing_enough()
    domain.check_rules(after)
    return before if after == before else work.change(SCHEMES, after, "changed")


async def scheme_now(work: Work, scheme_id: str) -> MeetingScheme:
    """The copy of a scheme that a meeting gets."""
    scheme = await work.get(SCHEMES, scheme_id)
    if scheme is None:
        raise Invalid("评议办法不存在", errors=[FieldError("body.scheme_id", f"编号不存在：{scheme_id}")])
    return MeetingScheme.model_validate(scheme.model_dump()).disclosing_enough()
