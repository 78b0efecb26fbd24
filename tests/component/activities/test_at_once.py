"""What is named in a record and voided at the same moment: one of the two is refused, whichever comes second."""

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import pytest
from pydantic import BaseModel

from services.activities.errors import EvidenceVoided, ReferenceUnknown
from services.activities.handlers import activities, opinions, plans, suggestions
from services.activities.repository import PLANS
from services.activities.schemas import ActivityIn, ItemDoneIn, OpinionIn, SuggestionIn
from shared.errors import Problem
from shared.storage.work import Work
from tests.component.activities.conftest import Office
from tests.component.activities.test_evidence import kept
from tests.fixtures.apps import TOWN

T = TypeVar("T")
WHY = {"reason": "登记重复"}
SESSION = {"congress_number": 17, "session_number": 4, "held_on": "2020-01-08"}
SUGGESTION = {"number": 1, "raised_on": "2020-01-08", "title": "硬化新城村道路"}
OPINION = {"received_on": "2020-03-05", "text": "路灯不亮"}
ACTIVITY = {"kind": "visit", "title": "走访选民", "held_on": "2020-03-04"}


async def second(
    office: Office, name: Callable[[Work], Awaitable[T]], voided: str, refusal: type[Problem]
) -> None:
    """Void what `name` names after it was looked at and before the record is committed."""
    gone: list[Any] = []

    async def run(work: Work) -> T:
        named = await name(work)
        if not gone:
            gone.append(await office.post(f"{voided}:void", WHY))
        return named

    with pytest.raises(refusal, match="作废"):
        await office.driver.alive.store.execute(town=TOWN, actor="office", run=run)
    assert (await office.get("/integrity"))["faults"] == []


def from_body(
    use_case: Callable[[Work, Any], Awaitable[T]], model: type[BaseModel], **body: Any
) -> Callable[[Work], Awaitable[T]]:
    async def name(work: Work) -> T:
        return await use_case(work, model.model_validate(body))

    return name


async def test_a_suggestion_and_its_session(office: Office) -> None:
    session = await office.post("/sessions", SESSION)
    name = from_body(suggestions.raise_suggestion, SuggestionIn, **SUGGESTION, session_id=session["id"])
    await second(office, name, f"/sessions/{session['id']}", ReferenceUnknown)


async def test_an_opinion_and_its_activity(office: Office) -> None:
    activity = await office.post("/activities", ACTIVITY)
    name = from_body(opinions.receive_opinion, OpinionIn, **OPINION, activity_id=activity["id"])
    await second(office, name, f"/activities/{activity['id']}", ReferenceUnknown)


async def test_an_activity_and_its_evidence(office: Office) -> None:
    file = await kept(office)
    name = from_body(activities.hold_activity, ActivityIn, **ACTIVITY, evidence=[file["id"]])
    await second(office, name, f"/evidence/{file['id']}", EvidenceVoided)


async def test_an_item_of_a_plan_and_what_does_it(office: Office) -> None:
    items = [{"title": "走访", "kind": "visit", "due_on": "2020-03-31"}]
    plan = await office.post("/plans", {"year": 2020, "items": items})
    activity = await office.post("/activities", ACTIVITY)

    async def name(work: Work) -> Any:
        done = ItemDoneIn(activity_id=activity["id"])
        return await plans.complete_item(
            work, await work.require(PLANS, plan["id"]), plan["items"][0]["id"], done
        )

    await second(office, name, f"/activities/{activity['id']}", ReferenceUnknown)


async def test_an_opinion_names_no_activity_that_was_voided(office: Office) -> None:
    activity = await office.post("/activities", ACTIVITY)
    await office.post(f"/activities/{activity['id']}:void", WHY)
    body = {**OPINION, "activity_id": activity["id"]}
    await office.refused("POST", "/opinions", body, status=422, code="reference-unknown")
