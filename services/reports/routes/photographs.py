"""Routes of photographs: candidates, upload, download."""

from dataclasses import dataclass
from typing import Final

from services.reports.errors import NoPhotograph, PhotographUnfit
from services.reports.handlers import photographs
from services.reports.routes.periods import period_of
from services.reports.routes.roles import OFFICE, READERS
from services.reports.schemas.photographs import CandidatesOut, PhotographOut
from services.reports.settings import Settings
from shared.documents.pictures import PICTURES, UPLOAD_BYTES
from shared.http import Call, Download, Upload, download, route

NOT_SAID: Final = "application/octet-stream"
PHOTOGRAPH: Final = "/towns/{town}/photographs/{digest}"


@dataclass(frozen=True)
class Photographs:
    settings: Settings

    @route("GET", "/photographs", roles=READERS)
    async def list_photographs(self, call: Call) -> CandidatesOut:
        """本期活动的佐证照片：哪些选进附件（settings 的 photographs），哪些已经交来。"""
        return await photographs.candidates(call.work, period_of(call))

    @route(
        "PUT",
        PHOTOGRAPH,
        roles=OFFICE,
        accepts=(*PICTURES, NOT_SAID),
        limit=UPLOAD_BYTES,
        guarded=False,  # it is named by its content: no other version of it can be there
        problems=[NoPhotograph, PhotographUnfit],
    )
    async def put_photograph(self, call: Call[None, Upload]) -> PhotographOut:
        """交来一张照片供总结的附件使用，以内容的 SHA-256 为名；只收活动登记为佐证材料的。"""
        database, templates = call.store.database, self.settings.templates_dir
        kept = await photographs.keep(call.work, database, call.path["digest"], call.body.data, templates)
        return PhotographOut.model_validate(kept.model_dump())

    @route("GET", PHOTOGRAPH, roles=READERS, produces=PICTURES, problems=[NoPhotograph])
    async def get_photograph(self, call: Call) -> Download:
        """下载交来的照片。"""
        kept, data = await photographs.read(call.work, call.store.database, call.path["digest"])
        return download(data, f"{kept.digest[:8]}.{kept.content_type.partition('/')[2]}", kept.content_type)
