"""Routes of webhooks, of an area and of a town. A secret is shown once: no answer is kept for an Idempotency-Key."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import Final

from services.reports.domain.webhooks import division_of
from services.reports.errors import NoEvent, ReceiverRefused, TooManyWebhooks, WebhookOff
from services.reports.handlers import webhooks
from services.reports.routes.roles import SUBSCRIBERS, SUBSCRIPTION_READERS
from services.reports.schemas import Nothing
from services.reports.schemas.webhooks import (
    DeliveriesPage,
    DeliveriesQuery,
    DeliveryOut,
    Replayed,
    WebhookGiven,
    WebhookIn,
    WebhookOut,
    WebhookPatch,
    WebhookReplayIn,
    WebhookRotateIn,
    WebhooksOut,
)
from services.reports.settings import Settings
from services.reports.webhooks import queue, records
from services.reports.webhooks.records import Webhook
from shared.errors import NotFound
from shared.http import Call, Reply, route
from shared.http.paging import cursor_after, id_from_cursor
from shared.security.tokens import Actor
from shared.storage.work import Work

BASES: Final = {"": "/towns/{town}", "_of_area": "/areas/{prefix}"}
"""Paths that the routes are declared under, by the ending of their names."""
HOOKS: Final = "/webhooks"
HOOK: Final = HOOKS + "/{id}"


@dataclass(frozen=True)
class Webhooks:
    settings: Settings

    @route(
        "POST",
        HOOKS,
        roles=SUBSCRIBERS,
        commits=False,
        status=201,
        problems=[ReceiverRefused, TooManyWebhooks],
    )
    async def add_webhook(self, call: Call[None, WebhookIn]) -> Reply[WebhookGiven]:
        """登记一个推送：事件按 Standard Webhooks 规范送到这个网址；密钥只在这里出现一次。"""
        area, networks = _area(call), self.settings.webhook_networks
        added = await call.store.execute(
            town=division_of(area),
            actor=call.actor.sub,
            run=lambda work: webhooks.add(work, area, call.body, networks),
        )
        return _given(added, call.actor, status=201)

    @route("GET", HOOKS, roles=SUBSCRIPTION_READERS)
    async def list_webhooks(self, call: Call) -> WebhooksOut:
        """区划及其下级登记的推送，不含密钥。"""
        found = await records.below(call.store, _area(call))
        return WebhooksOut(items=[_shown(webhook, call.actor) for webhook in found])

    @route("GET", HOOK, roles=SUBSCRIPTION_READERS)
    async def get_webhook(self, call: Call) -> Reply[WebhookOut]:
        """查看一个推送：状态、公钥、最近送到的时间。"""
        return _reply(await _webhook(call), call.actor)

    @route("PATCH", HOOK, roles=SUBSCRIBERS, commits=False, guarded=True, problems=[ReceiverRefused])
    async def change_webhook(self, call: Call[None, WebhookPatch]) -> Reply[WebhookOut]:
        """改网址、要的类型、次序或说明。"""

        async def run(work: Work, id: str) -> Webhook:
            if "types" in call.body.model_fields_set:
                await queue.begin_now(call.store, await work.require(records.WEBHOOKS, id), call.body.types)
            return await webhooks.change(work, id, call.body, self.settings.webhook_networks)

        return _reply(await _act(call, run), call.actor)

    @route("POST", f"{HOOK}:rotate", roles=SUBSCRIBERS, commits=False, guarded=True)
    async def rotate_webhook(self, call: Call[None, WebhookRotateIn]) -> Reply[WebhookGiven]:
        """换密钥：新的立即使用，旧的在 keep_hours 小时之内同时签名；新密钥只在这里出现一次。"""
        return _given(await _act(call, partial(webhooks.rotate, body=call.body)), call.actor)

    @route("POST", f"{HOOK}:test", roles=SUBSCRIBERS, commits=False, guarded=True, problems=[WebhookOff])
    async def test_webhook(self, call: Call[None, Nothing]) -> Reply[WebhookOut]:
        """试送一个事件（reports.webhook.tested.v1），只送到这个推送；结果看送达记录。"""
        return _reply(await _act(call, webhooks.test), call.actor)

    @route("POST", f"{HOOK}:disable", roles=SUBSCRIBERS, commits=False, guarded=True, problems=[WebhookOff])
    async def disable_webhook(self, call: Call[None, Nothing]) -> Reply[WebhookOut]:
        """停用推送；没有送到的留着，重新启用以后再送。"""
        return _reply(await _act(call, webhooks.disable), call.actor)

    @route("POST", f"{HOOK}:enable", roles=SUBSCRIBERS, commits=False, guarded=True, problems=[WebhookOff])
    async def enable_webhook(self, call: Call[None, Nothing]) -> Reply[WebhookOut]:
        """重新启用推送，停用期间的事件接着送。"""
        return _reply(await _act(call, webhooks.enable), call.actor)

    @route("POST", f"{HOOK}:replay", roles=SUBSCRIBERS, commits=False, problems=[NoEvent, WebhookOff])
    async def replay_webhook(self, call: Call[None, WebhookReplayIn]) -> Replayed:
        """重送：一件事件，一个事件流的从几号到几号，或者全部没有送到的；事件编号不变。"""
        webhook = await _webhook(call)
        await webhooks.to_replay(call.store, webhook, call.body)
        webhook = await _act(call, webhooks.note_replay)
        return Replayed(deliveries=await webhooks.replay(call.store, webhook, call.body))

    @route("GET", f"{HOOK}/deliveries", roles=SUBSCRIPTION_READERS)
    async def list_deliveries(self, call: Call[DeliveriesQuery]) -> DeliveriesPage:
        """送达记录：每件事件送了几次、每次的结果，最近的在前；送到的保留三十天，没有送到的一百八十天。"""
        webhook, query = await _webhook(call), call.query
        after = id_from_cursor(query.cursor)
        found = await records.deliveries(
            call.store, webhook.id, query.state, after=after, limit=query.limit + 1
        )
        shown = found[: query.limit]
        return DeliveriesPage(
            items=[DeliveryOut.model_validate(delivery.model_dump()) for delivery in shown],
            next_cursor=cursor_after(shown[-1].event_id) if len(found) > query.limit else None,
        )


def _area(call: Call) -> str:
    return call.path["prefix"] if "prefix" in call.path else call.path["town"]


async def _webhook(call: Call) -> Webhook:
    """The webhook of the path. Errors: NotFound, also outside the area of the path."""
    webhook = await records.by_id(call.store, call.path["id"])
    if webhook is None or not webhook.area.startswith(_area(call)):
        raise NotFound(f"找不到编号为 {call.path['id']} 的记录")
    return webhook


async def _act(call: Call, run: Callable[[Work, str], Awaitable[Webhook]]) -> Webhook:
    """Run a use case on the webhook of the path, at the version of If-Match."""
    return await call.act(records.WEBHOOKS, await _webhook(call), run)


def _shown(webhook: Webhook, actor: Actor) -> WebhookOut:
    shown = WebhookOut.model_validate(webhook.model_dump())
    return shown if actor.has(*SUBSCRIBERS) else shown.model_copy(update={"url": None})


def _reply(webhook: Webhook, actor: Actor) -> Reply[WebhookOut]:
    return Reply(_shown(webhook, actor), version=webhook.version)


def _given(webhook: Webhook, actor: Actor, *, status: int = 200) -> Reply[WebhookGiven]:
    given = WebhookGiven(**_shown(webhook, actor).model_dump(), secret=webhook.all_keys[0].secret)
    return Reply(given, status=status, version=webhook.version)
