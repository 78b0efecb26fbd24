"""A command on a record, sent with the version that was seen; where somebody else was first, it is asked again."""

from typing import Any

from services.console.errors import Refused
from services.console.visit import VERSION, Visit

STALE = "您填写的时候，别人改过这条记录。请先看上面现在的情况；再按一次保存，就照您填的登记。"


async def act(visit: Visit, record: str, path: str, body: Any) -> Any:
    """POST a command; `record`: the address of what it changes. Errors: Refused with status 412, and the form has the
    version of now."""
    try:
        return await visit.api.post(path, body, key=visit.key, version=visit.version)
    except Refused as refused:
        await _renew(visit, record, refused)
        raise


async def change(visit: Visit, record: str, patch: Any) -> Any:
    """PATCH a record. Errors: as of `act`."""
    try:
        return await visit.api.patch(record, patch, version=visit.version)
    except Refused as refused:
        await _renew(visit, record, refused)
        raise


async def _renew(visit: Visit, record: str, refused: Refused) -> None:
    if refused.status != 412:
        return
    now = await visit.api.answer("GET", record)
    visit.sent.popall(VERSION, None)
    visit.sent.add(VERSION, now.version or "")
    raise Refused(412, {"title": STALE}) from refused
