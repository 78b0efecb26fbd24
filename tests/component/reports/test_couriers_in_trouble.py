"""Couriers that end with an error: counted, and begun again after a rest, not at each look."""

import pytest

from services.reports.app import build
from services.reports.settings import Settings
from services.reports.webhooks import dispatch
from services.reports.webhooks.courier import Courier
from shared.observability.metrics import REGISTRY
from tests.fixtures.apps import Drive
from tests.fixtures.receivers import LOOPBACK, receiving
from tests.probes import eventually

TASK = {"service": "reports", "task": "deliver_webhooks"}


def failing() -> float | None:
    return REGISTRY.get_sample_value("background_turns_failing", TASK)


async def test_a_courier_that_fails_again_and_again_is_seen(
    drive: Drive, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks: list[bool] = []
    runs: list[int] = []
    look, run = dispatch.Dispatch.look, Courier.run

    async def noted(office: dispatch.Dispatch) -> None:
        await look(office)
        looks.append(bool(failing()))

    async def fail(_: Courier) -> None:
        runs.append(len(looks))
        raise RuntimeError("a record that cannot be read")

    monkeypatch.setattr(dispatch.Dispatch, "look", noted)
    monkeypatch.setattr(dispatch, "LOOK_SECONDS", 0.01)
    monkeypatch.setattr(dispatch, "LOOK_REST", 0)
    monkeypatch.setattr(Courier, "run", fail)
    async with receiving() as receiver:
        desk = await drive(build(Settings.model_validate({"webhook_networks": LOOPBACK})))
        hook = await desk.post("/webhooks", {"url": receiver.url})
        receiver.secret = hook["secret"]
        await eventually(lambda: len(runs) >= 2)
        first = looks.index(True)
        assert all(looks[first:]), "also while it is tried again"
        assert runs[1] - runs[0] > 2, "not at each look"

        monkeypatch.setattr(Courier, "run", run)
        monkeypatch.setattr(dispatch, "STEADY_SECONDS", 0.0)
        await desk.says("roster.group.formed.v1", {"id": "a", "name": "a"})
        await eventually(lambda: receiver.seen != [] and failing() == 0)
