"""Routes of handing in: the county's window, a town's extension, the receipt."""

import json
from functools import partial
from typing import Final

from services.reports.errors import ImpossibleDate, NoReceipt
from services.reports.handlers import hand_in
from services.reports.routes.periods import period_of
from services.reports.routes.roles import COUNTY, READERS
from services.reports.schemas.hand_in import ExtensionIn, ExtensionOut, ReceiptOut, WindowIn, WindowOut
from shared.errors import Unavailable
from shared.http import KEYS, Call, Reply, route

RECEIPT_TYPE: Final = "lvzhi-receipt+jws"


@route("PUT", "/window", roles=COUNTY, commits=False, guarded=False)
async def put_window(call: Call[None, WindowIn]) -> WindowOut:
    """定各镇上报总结的截止日期，写明依据；locked 为截止以后锁定，不延期就不能再报。下级地区自定的优先。"""
    run = partial(hand_in.set_window, period=period_of(call), **call.body.model_dump())
    area = call.path["prefix"]
    record = await call.store.execute(town=area, actor=call.actor.sub, run=run)
    return WindowOut(period=record.period, version=record.version, **dict(record.window))


@route("POST", "/report:extend", roles=COUNTY, problems=[ImpossibleDate])
async def extend_hand_in(call: Call[None, ExtensionIn]) -> Reply[ExtensionOut]:
    """给一个镇延期上报：延到哪天、为什么；谁延的记在事件里。"""
    record = await hand_in.extend(call.work, period_of(call), call.body.until, call.body.reason)
    return Reply(ExtensionOut.model_validate(record.model_dump()), version=record.version)


@route("GET", "/report/receipt", roles=READERS, problems=[NoReceipt])
async def get_receipt(call: Call) -> ReceiptOut:
    """最近一次上报的回执：哪一版、内容（report.json）的 SHA-256、几点几分、是否逾期，附签名的声明。"""
    receipt = await hand_in.receipt_of(call.work, period_of(call))
    keys = call.request.app[KEYS].get(call.store.service)
    if keys is None:
        raise Unavailable("本系统没有签名密钥")
    about = {"town": call.town, "period": period_of(call)}
    payload = json.dumps({**about, **receipt.model_dump(mode="json")}, sort_keys=True).encode()
    return ReceiptOut(**about, **dict(receipt), statement=keys.sign(payload, kind=RECEIPT_TYPE))
