"""Use cases of webhooks."""

import secrets
from datetime import timedelta
from typing import Final

from services.reports.domain import webhooks as rules
from services.reports.domain.receivers import Network, origin_of
from services.reports.domain.webhooks import Keys
from services.reports.errors import NoEvent, TooManyWebhooks, WebhookOff
from services.reports.schemas.webhooks import WebhookIn, WebhookPatch, WebhookReplayIn, WebhookRotateIn
from services.reports.webhooks import queue, records, streams
from services.reports.webhooks.records import WEBHOOKS, Webhook
from services.reports.webhooks.streams import Entry
from shared.envelope import is_among
from shared.errors import FieldError, Invalid
from shared.http.call import Store
from shared.ids import new_id
from shared.storage.work import Work

MOST: Final = 100
"""Webhooks of one area."""


async def add(work: Work, area: str, body: WebhookIn, networks: tuple[Network, ...]) -> Webhook:
    """Errors: ReceiverRefused, TooManyWebhooks."""
    if len(area) not in rules.LEVELS:
        raise Invalid(errors=[FieldError("path.prefix", "区划代码为 2、4、6 或 9 位")])
    if len([hook for hook in await records.below(work.reader, area) if hook.area == area]) >= MOST:
        raise TooManyWebhooks(f"一个区划至多登记 {MOST} 个推送")
    began = {} if body.begin == "start" else streams.beginning(await streams.reaches(work.reader, area))
    webhook = Webhook(
        id=new_id(),
        town=work.town,
        area=area,
        origin=origin_of(body.url, networks),
        since=began,
        added_at=work.clock.now(),
        **body.model_dump(exclude={"begin"}),
        **Webhook.with_keys((_new_keys(),)),
    )
    return work.create(WEBHOOKS, webhook, "added")


async def change(work: Work, id: str, body: WebhookPatch, networks: tuple[Network, ...]) -> Webhook:
    """Errors: ReceiverRefused."""
    webhook, changes = await work.require(WEBHOOKS, id), body.model_dump(exclude_unset=True)
    if not changes:
        return webhook
    if "types" in changes:
        changes["types"] = tuple(changes["types"])
    if "url" in changes:
        changes["origin"] = origin_of(changes["url"], networks)
    return work.change(WEBHOOKS, webhook.model_copy(update=changes), "changed")


async def rotate(work: Work, id: str, body: WebhookRotateIn) -> Webhook:
    webhook = await work.require(WEBHOOKS, id)
    keep = timedelta(hours=body.keep_hours)
    keys = rules.rotated(webhook.all_keys, _new_keys(), work.clock.now(), keep)
    return work.change(WEBHOOKS, webhook.model_copy(update=Webhook.with_keys(keys)), "rotated")


async def test(work: Work, id: str) -> Webhook:
    """Announce an event that is delivered to this webhook alone. Errors: WebhookOff."""
    return work.change(WEBHOOKS, await _enabled(work, id), "tested")


async def enable(work: Work, id: str) -> Webhook:
    """What happened meanwhile is delivered. Errors: WebhookOff."""
    webhook = await work.require(WEBHOOKS, id)
    if webhook.state == "enabled":
        raise WebhookOff("推送没有停用")
    back = {"state": "enabled", "reason": "", "failing_since": None}
    return work.change(WEBHOOKS, webhook.model_copy(update=back), "enabled")


async def disable(work: Work, id: str) -> Webhook:
    """Errors: WebhookOff."""
    webhook = await _enabled(work, id)
    off = {"state": "disabled", "reason": "asked"}
    return work.change(WEBHOOKS, webhook.model_copy(update=off), "disabled")


async def note_replay(work: Work, id: str) -> Webhook:
    """Errors: WebhookOff."""
    return work.change(WEBHOOKS, await _enabled(work, id), "replayed")


async def replay(store: Store, webhook: Webhook, body: WebhookReplayIn) -> int:
    """Have events delivered again; return how many. Errors: NoEvent."""
    if body.failed:
        return await queue.send_failed_again(store, webhook)
    entries = await to_replay(store, webhook, body)
    await queue.send_again(store, webhook, entries)
    return len(entries)


async def to_replay(store: Store, webhook: Webhook, body: WebhookReplayIn) -> list[Entry]:
    """The events that are asked for, among those that the webhook wants. Errors: NoEvent."""
    if body.event_id is not None:
        known = await records.delivery(store, webhook.id, body.event_id)
        if known is None:
            raise NoEvent("这个推送没有送过编号为这个的事件")
        found = await streams.entries(store, known.source, known.sequence, known.sequence)
        entries = [entry for entry in found if entry.id == body.event_id]
    elif body.source is not None and body.source.startswith(f"/{webhook.area}"):
        found = await streams.entries(store, body.source, body.from_ or 0, body.to or 0)
        entries = [entry for entry in found if is_among(webhook.types, entry.type)]
    else:
        entries = []
    if not entries and not body.failed:
        raise NoEvent("日志中没有所要的事件，或者它们不是这个推送要的类型")
    return entries


async def _enabled(work: Work, id: str) -> Webhook:
    webhook = await work.require(WEBHOOKS, id)
    if webhook.state != "enabled":
        raise WebhookOff("推送已停用，先重新启用")
    return webhook


def _new_keys() -> Keys:
    return rules.new_keys(secrets.token_bytes(rules.SECRET_BYTES), secrets.token_bytes(rules.SECRET_BYTES))
