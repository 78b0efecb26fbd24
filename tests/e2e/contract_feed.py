"""The feed checked as a county checks it: numbers without gaps and a chain of hashes, by RFC 8785 and SHA-256 alone."""

import hashlib
from itertools import pairwise
from typing import Any

import rfc8785

from tests.e2e.contract_client import Client

ATTRIBUTES = {
    "specversion", "id", "source", "type", "subject", "time", "town", "sequence", "previoushash", "hash",
    "actor", "traceparent", "data",
}  # fmt: skip


async def whole_feed(client: Client, service: str, limit: int = 50) -> list[dict[str, Any]]:
    """Every event of the town's stream, page by page."""
    events: list[dict[str, Any]] = []
    while True:
        after = events[-1]["sequence"] if events else 0
        reply = await client.send("GET", client.at(service, f"/events?after={after}&limit={limit}"))
        assert reply.status == 200, reply.body
        assert reply.media == "application/cloudevents-batch+json", reply.headers
        assert len(reply.body) <= limit
        if not reply.body:
            return events
        events += reply.body


def verify_chain(events: list[dict[str, Any]], source: str) -> None:
    """Fails at the first event that is not the true successor of the one before."""
    assert [e["sequence"] for e in events] == list(range(1, len(events) + 1))
    for event in events:
        assert set(event) <= ATTRIBUTES | {"datacontenttype", "dataschema", "time"}, set(event) - ATTRIBUTES
        assert event["specversion"] == "1.0"
        assert event["source"] == source
        assert event["subject"].count("/") == 1
        bare = {key: value for key, value in event.items() if key != "hash"}
        assert hashlib.sha256(rfc8785.dumps(bare)).hexdigest() == event["hash"], event["sequence"]
    for before, after in pairwise(events):
        assert after["previoushash"] == before["hash"], after["sequence"]
