"""The sample Api at work, and what its tests say again and again."""

from dataclasses import dataclass
from typing import Any

from aiohttp.test_utils import TestClient

from shared.security.keystore import KeyStore
from tests.unit.shared.sample import MemoryStore

TOWN = "340281101"
NOTES = f"/notes/v1/towns/{TOWN}/notes"
NOTE = {"title": "春耕", "written_on": "2020-03-01"}


@dataclass
class Served:
    client: TestClient[Any, Any]
    store: MemoryStore
    keys: KeyStore
    needs: dict[str, bool]

    def token(self, *roles: str, area: str = TOWN, subject: str = "clerk") -> dict[str, str]:
        return {"Authorization": f"Bearer {self.keys.mint(subject, area, roles or ('office',))}"}


async def put(served: Served, office: dict[str, str], **changes: Any) -> dict[str, Any]:
    answer = await served.client.post(NOTES, json={**NOTE, **changes}, headers=office)
    assert answer.status == 201, await answer.text()
    created: dict[str, Any] = await answer.json()
    return created


async def problem(answer: Any, status: int, code: str) -> dict[str, Any]:
    assert answer.status == status, await answer.text()
    assert answer.content_type == "application/problem+json"
    body: dict[str, Any] = await answer.json(content_type=None)
    assert set(body) == {"type", "title", "status", "detail", "code", "errors"}
    assert (body["status"], body["code"]) == (status, code)
    assert not body["title"].isascii()
    return body
