"""The door for photographs: which could be shown, handed over one by one, given back."""

from collections.abc import Callable
from typing import Any, Final, cast

from services.reports.errors import NoPhotograph, PhotographUnfit
from services.reports.handlers import photographs
from services.reports.schemas.photographs import CandidatesOut, PhotographOut
from services.reports.settings import Settings
from shared.http import EVERYONE, Api, Call, Download, Upload, download
from shared.pictures import PICTURES
from shared.storage.mongo import Database
from shared.storage.store import Store

NOT_SAID: Final = "application/octet-stream"
MOST_BYTES: Final = 10 << 20
READERS: Final = EVERYONE - {"teller"}
PHOTOGRAPH: Final = "/towns/{town}/photographs/{digest}"

Route = Callable[..., Callable[[Callable[..., Any]], Callable[..., Any]]]


def declare(api: Api, route: Route, period_of: Callable[[Call], str], settings: Settings) -> None:
    """`route` declares an operation under a year and under a period, `period_of` reads which."""

    @route("GET", "/photographs", roles=READERS)
    async def list_photographs(call: Call) -> CandidatesOut:
        """本期活动的佐证照片：哪些选进附件（settings 的 photographs），哪些已经交来。"""
        return await photographs.candidates(call.work, period_of(call))

    @api.route(
        "PUT",
        PHOTOGRAPH,
        roles={"office"},
        body=Upload,
        accepts=(*PICTURES, NOT_SAID),
        limit=MOST_BYTES,
        problems=[NoPhotograph, PhotographUnfit],
    )
    async def put_photograph(call: Call) -> PhotographOut:
        """交来一张照片供总结的附件使用，以内容的 SHA-256 为名；只收活动登记为佐证材料的。"""
        kept = await photographs.keep(
            call.work, database(call), call.path["digest"], call.body.data, settings.templates_dir
        )
        return PhotographOut.model_validate(kept.model_dump())

    @api.route("GET", PHOTOGRAPH, roles=READERS, produces=PICTURES, problems=[NoPhotograph])
    async def get_photograph(call: Call) -> Download:
        """下载交来的照片。"""
        kept, data = await photographs.read(call.work, database(call), call.path["digest"])
        return download(data, f"{kept.digest[:8]}.{kept.content_type.partition('/')[2]}", kept.content_type)


def database(call: Call) -> Database:
    return cast(Store, call.store).database
