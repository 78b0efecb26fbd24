"""The report back from Word: what was changed is shown paragraph by paragraph before it is taken over."""

import base64
import binascii
from typing import Any, Final

from aiohttp import web

from services.console.errors import Refused
from services.console.forms import Form
from services.console.menu import OFFICE
from services.console.pages import reporting
from services.console.pages.report import YEAR
from services.console.pages.reporting import Place
from services.console.visit import Done, Visit, action, page

KIND: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@page(YEAR + "/wording", roles=OFFICE)
async def show_wording(visit: Visit) -> web.Response:
    return await _page(visit, await reporting.of_the_town(visit))


@action(YEAR + "/wording", roles=OFFICE, files=True)
async def send_wording(visit: Visit) -> web.Response:
    """First the file, of which is shown what it would change; then the same file, confirmed."""
    place, data = await reporting.of_the_town(visit), _file(visit)
    confirmed = "confirmed" in visit.sent
    form = Form(())
    if not data:
        form.title = "请先选择改过的 Word 文件"
        return await _page(visit, place, form, 422)
    try:
        taken = await _take(visit, place, data, dry_run=not confirmed, confirm="confirm" in visit.sent)
    except Refused as refused:
        return await _page(visit, place, form.refuse(refused), refused.status)
    if confirmed:
        return await visit.tell(Done(place.home, "已采用改过的文字，重新编制时保留"))
    return await _page(visit, place, form, taken=taken, file=base64.b64encode(data).decode())


async def _take(visit: Visit, place: Place, data: bytes, *, dry_run: bool, confirm: bool) -> Any:
    query = {"dry_run": dry_run, "confirm": confirm}
    headers = {"Content-Type": KIND}
    answer = await visit.api.answer("PUT", f"{place.api}/wording", query=query, headers=headers, data=data)
    return answer.body


def _file(visit: Visit) -> bytes:
    sent = visit.sent.get("file")
    if isinstance(sent, web.FileField):
        return sent.file.read()
    try:
        return base64.b64decode(str(sent or ""), validate=True)
    except binascii.Error:
        return b""


async def _page(
    visit: Visit,
    place: Place,
    form: Form | None = None,
    status: int = 200,
    *,
    taken: Any = None,
    file: str = "",
) -> web.Response:
    standing = await reporting.standing(visit, place)
    return visit.html(
        "report_wording.html",
        status=status,
        form=form or Form(()),
        place=place,
        standing=standing,
        headings={section["id"]: section["heading"] or "开头" for section in standing.report["sections"]},
        taken=taken,
        file=file,
    )


PAGES: Final = (show_wording, send_wording)
