"""A client written from the published contract alone: requests, paging, waiting; nothing of a service is used."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from aiohttp import ClientSession

from tests.probes import eventually

SUCCESS = (200, 201, 202, 204)


@dataclass(frozen=True)
class Reply:
    status: int
    headers: Mapping[str, str]
    body: Any  # JSON where the answer is JSON, else bytes

    @property
    def media(self) -> str:
        return self.headers.get("Content-Type", "").split(";")[0]


@dataclass(frozen=True)
class Client:
    """One caller, by one token. Paths are whole, from the root of the port."""

    url: str
    session: ClientSession
    token: str
    town: str

    async def send(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        headers: Mapping[str, str] | None = None,
        data: Any = None,
    ) -> Reply:
        sent = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        sent |= dict(headers or {})
        if body is not None:
            data = json.dumps(body, ensure_ascii=False).encode()
            sent.setdefault("Content-Type", "application/json")
        async with self.session.request(method, self.url + path, data=data, headers=sent) as response:
            content = await response.read()
            is_json = "json" in response.headers.get("Content-Type", "")
            return Reply(response.status, response.headers, json.loads(content) if is_json else content)

    async def must(self, method: str, path: str, body: Any = None, **options: Any) -> Any:
        """The body of a successful answer; anything else fails the test with what was said."""
        reply = await self.send(method, path, body, **options)
        assert reply.status in SUCCESS, f"{method} {path} {body}\n-> {reply.status} {reply.body}"
        return reply.body

    def at(self, service: str, rest: str = "") -> str:
        """The path of something of the town."""
        return f"/{service}/v1/towns/{self.town}{rest}"

    async def get(self, service: str, rest: str = "") -> Any:
        return await self.must("GET", self.at(service, rest))

    async def post(self, service: str, rest: str, body: Any) -> Any:
        return await self.must("POST", self.at(service, rest), body)

    async def patch(self, service: str, rest: str, body: Any) -> Any:
        return await self.must("PATCH", self.at(service, rest), body)

    async def batch(self, service: str, collection: str, items: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """What became of each item, in the order sent."""
        answer = await self.post(service, f"/{collection}:batch", {"items": items})
        assert len(answer["items"]) == len(items)
        return list(answer["items"])

    async def listed(self, service: str, collection: str, limit: int = 7) -> list[dict[str, Any]]:
        """All records of a collection, page by page."""
        found: list[dict[str, Any]] = []
        cursor = ""
        while True:
            more = f"&cursor={cursor}" if cursor else ""
            page = await self.get(service, f"/{collection}?limit={limit}{more}")
            assert len(page["items"]) <= limit
            found += page["items"]
            cursor = page["next_cursor"]
            if not cursor:
                return found

    async def closed(self, year: int, as_of: str) -> dict[str, Any]:
        """Close the year and wait for the report of that day."""
        base = f"/years/{year}"
        before = await self.send("GET", self.at("reports", f"{base}/report"))
        version = before.body["version"] if before.status == 200 else 0
        await self.post("reports", f"{base}/closings", {"as_of": as_of})

        async def compiled() -> dict[str, Any]:
            """the report of the closing asked for"""
            reply = await self.send("GET", self.at("reports", f"{base}/report"))
            assert reply.status == 200, reply.body
            report: dict[str, Any] = reply.body
            assert report["version"] > version, report["version"]
            assert report["status"] == "draft", report["status"]
            assert report["as_of"] == as_of, report["as_of"]
            return report

        return await eventually(compiled, every=0.1)


def refused(reply: Reply, status: int | tuple[int, ...]) -> dict[str, Any]:
    """The problem document of a refusal, its shape checked (RFC 9457)."""
    wanted = (status,) if isinstance(status, int) else status
    assert reply.status in wanted, f"{reply.status} {reply.body}"
    assert reply.media == "application/problem+json", reply.headers
    problem: dict[str, Any] = reply.body
    assert {"type", "title", "status", "detail", "code", "errors"} <= set(problem), problem
    assert problem["status"] == reply.status
    assert any("\u4e00" <= c <= "\u9fff" for c in problem["title"]), problem["title"]
    assert problem["code"].replace("-", "").isalnum()
    assert problem["code"] == problem["code"].lower()
    assert all({"loc", "message"} <= set(error) for error in problem["errors"])
    return problem
