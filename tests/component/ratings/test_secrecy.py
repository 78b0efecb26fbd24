"""The secrecy of slips against somebody who has everything that was ever written, once the meeting is closed."""

import asyncio
import json
import re
from collections.abc import Iterator, Mapping
from itertools import count
from pathlib import Path
from typing import Any, ClassVar

import pytest
from bson import json_util
from pymongo import monitoring

from services.ratings.ballots import BoxKeys, Slip, decrypt
from services.ratings.domain import Meeting
from shared.security.codes import fingerprint
from tests.component.ratings.conftest import Town
from tests.component.ratings.test_voting import stored, vote, voting
from tests.probes import eventually

pytestmark = pytest.mark.mongo

VOTES = (
    {"d1": "satisfied", "d2": "dissatisfied"},
    {"d1": "dissatisfied", "d2": "dissatisfied"},
    {"d1": "basically_satisfied", "d2": "satisfied"},
    {"d1": "abstain", "d2": "basically_satisfied"},
)

CLOCKWORK = ("lsid", "txnNumber", "$clusterTime", "readConcern")


class Written(monitoring.CommandListener):
    """Every write as it goes to the database, whole and in order: more than its operation log keeps."""

    commands: ClassVar[list[Mapping[str, Any]]] = []

    def started(self, event: monitoring.CommandStartedEvent) -> None:
        if event.command_name in ("insert", "update", "delete", "findAndModify"):
            command = {k: v for k, v in event.command.items() if k not in CLOCKWORK}
            self.commands.append(json.loads(json_util.dumps(command)))

    def succeeded(self, event: monitoring.CommandSucceededEvent) -> None:
        pass

    def failed(self, event: monitoring.CommandFailedEvent) -> None:
        pass


@pytest.fixture(scope="module", autouse=True)
def _listening() -> None:
    monitoring.register(Written())


@pytest.fixture
def written() -> Iterator[list[Mapping[str, Any]]]:
    Written.commands.clear()
    yield Written.commands
    Written.commands.clear()


async def everything(town: Town) -> dict[str, Any]:
    """All that lies in the service's database, and all it ever told others."""
    database = town.driver.alive.store.database
    names = await database.list_collection_names()
    stored = {name: [document async for document in database[name].find()] for name in sorted(names)}
    return {"stored": json.loads(json_util.dumps(stored)), "told": [e.data for e in await town.events()]}


def keys_gone(folder: Path) -> bool:
    return not any(folder.rglob("*.key"))


SPENT = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{24,}|\d{4}-\d\d-\d\dT[\d:.]+Z|\d{13}")


NEWS = re.compile(r'"(roster_sequence|maxTimeMS)": \d+, ')
"""How much was heard of the roster before the meeting, which is told anew for each, and what is left of a command's
deadline: nothing of the votes."""


def as_seen(view: Any) -> str:
    """The view with what is random, or a time, told only as "the same as before" or "something new", and its length."""
    numbers: dict[str, str] = {}
    fresh = count()

    def name(found: re.Match[str]) -> str:
        text = found.group()
        return numbers.setdefault(text, f"<{next(fresh)}:{len(text)}>")

    return SPENT.sub(name, NEWS.sub("", json.dumps(view, ensure_ascii=False)))


async def held(
    town: Town, written: list[Mapping[str, Any]], votes: tuple[Mapping[str, str], ...], keys: Path
) -> tuple[str, str]:
    """A whole meeting at which the n-th code votes `votes[n]`. What an onlooker of everything sees of it."""
    before = await everything(town)
    known = {json.dumps(one) for documents in before["stored"].values() for one in documents}
    meeting, codes = await voting(town, count=len(votes) + 1)
    written.clear()
    for code, choices in zip(codes, votes, strict=False):
        assert (await vote(town, code, dict(choices))).status == 200
    cast = [one for one in written if one.get("update") == "slips"]
    assert (await town.lead(meeting, "close")).status == 200
    await eventually(lambda: asyncio.to_thread(keys_gone, keys))
    after = await everything(town)
    left = {
        name: [one for one in documents if json.dumps(one) not in known]
        for name, documents in after["stored"].items()
        if name in ("slips", "tallies", "meetings", "answers")
    }
    order = {fingerprint(code): n for n, code in enumerate(codes)}
    left["slips"].sort(key=lambda one: order[one["_id"]])
    log = [one for one in written if next(iter(one.values())) in ("slips", "tallies", "meetings")]
    for one in log:  # slips are emptied in order of their ids, which are random
        one.get("updates", []).sort(key=lambda update: order.get(update["q"]["_id"], 0))
    return as_seen([[order[fingerprint(code)] for code in codes], cast]), as_seen([log, left])


async def test_who_has_everything_cannot_tell_who_voted_how(
    town: Town, written: list[Mapping[str, Any]], tmp_path: Path
) -> None:
    """The same meeting with the votes dealt out differently looks the same: there is nothing to guess from."""
    keys = tmp_path / "box-keys"
    one = await held(town, written, VOTES, keys)
    other = await held(town, written, (*VOTES[2:], *VOTES[:2]), keys)
    assert one == other


async def measured(town: Town) -> list[str]:
    """The metrics that anybody in the network reads, without those of the process and of this reading itself."""
    text = (await town.driver.call("GET", "//ratings/metrics", token="")).json.decode()
    own = ("process_", "python_", "# ")
    return [
        line
        for line in text.splitlines()
        if not line.startswith(own) and 'route="/ratings/metrics"' not in line
    ]


async def test_no_metric_tells_that_somebody_votes(town: Town) -> None:
    """Else whoever polls them knows how many have voted, and when each did."""
    _, codes = await voting(town, count=3)

    async def told() -> bool:
        """All that opening the meeting published."""
        return 'outbox_unpublished_events{service="ratings"} 0.0' in await measured(town)

    await eventually(told)
    before = await measured(town)
    for _ in range(2):  # a vote, and one with the same slip
        await town.driver.call("GET", f"//r/{codes[0]}")
        await vote(town, codes[0], VOTES[0])
    assert (await vote(town, codes[1], VOTES[1])).status == 200
    assert (await vote(town, "NO-SUCH-SLIP")).status == 404
    assert await measured(town) == before


async def test_no_choice_and_no_key_is_ever_written(
    town: Town, written: list[Mapping[str, Any]], tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    keys = BoxKeys(tmp_path / "box-keys")
    meeting, codes = await voting(town, count=4)
    secret = next(keys.folder.rglob(f"{meeting}.key")).read_text()
    written.clear()
    for code, choices in zip(codes, VOTES, strict=True):
        await vote(town, code, dict(choices))
    cast = json.dumps(written)
    assert "slips" in cast
    assert not [word for word in ("satisfied", "abstain", "d1", "d2") if f'"{word}"' in cast]
    await town.lead(meeting, "close")
    await eventually(lambda: asyncio.to_thread(keys_gone, keys.folder))
    told = capfd.readouterr()
    evidence = json.dumps([written, await everything(town)]) + told.out + told.err
    assert secret not in evidence
    assert not [code for code in codes if code in evidence]


async def test_a_copy_of_the_key_taken_while_the_box_is_open_tells_all(
    town: Town, written: list[Mapping[str, Any]], tmp_path: Path
) -> None:
    """What `docs/secrecy.md` admits; and the proof that the two tests above would notice."""
    keys = BoxKeys(tmp_path / "box-keys")
    meeting, codes = await voting(town, count=4)
    public = str((await stored(town, "tallies"))[0]["box_key"])
    stolen = keys.private(meeting, public)
    for code, choices in zip(codes, VOTES, strict=True):
        await vote(town, code, dict(choices))
    await town.lead(meeting, "close")
    document = await town.driver.alive.store.database["meetings"].find_one({"_id": meeting})
    assert document is not None
    held_as = Meeting.model_validate({**document, "id": meeting})
    slips = {
        one["u"]["_id"]: Slip.model_validate({**one["u"], "id": one["u"]["_id"]})
        for command in written
        if command.get("update") == "slips"
        for one in command["updates"]
        if one["u"].get("sealed")
    }
    read = [decrypt(stolen, slips[fingerprint(code)], held_as) for code in codes]
    assert read == list(VOTES)


async def test_what_is_left_after_closing_is_sums(town: Town, tmp_path: Path) -> None:
    meeting, codes = await voting(town, count=5)
    for code in codes[:3]:
        await vote(town, code)
    await town.lead(meeting, "close")
    await eventually(lambda: asyncio.to_thread(keys_gone, tmp_path / "box-keys"))
    stored = (await everything(town))["stored"]
    assert sorted((one["used"], one["void"], one["sealed"]) for one in stored["slips"]) == [
        (False, True, ""),
        (False, True, ""),
        (True, False, ""),
        (True, False, ""),
        (True, False, ""),
    ]
    assert stored["tallies"][0]["box"][0]["returned"] == 3
    assert "boxes" not in stored
