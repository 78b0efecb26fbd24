"""A log verified by one who has nothing but its events and the heads he witnessed."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from services.cli.__main__ import app
from services.cli.verifying import Logs, verdicts
from shared.chain import Verdict
from shared.endpoints.heads import Head, sign_checkpoint
from shared.envelope import GENESIS, Event
from shared.ids import new_id
from shared.security.keystore import KeyStore

SOURCE = "/340281199/roster"


def log(names: Sequence[str]) -> list[Event]:
    """A chain of one event for each name."""
    return chained(
        Event(
            id=new_id(),
            source=SOURCE,
            type="roster.person.registered.v1",
            subject=f"person/{n}",
            time="2020-01-01T00:00:00.000Z",
            town="340281199",
            sequence=n,
            previoushash=GENESIS,
            actor="office",
            data={"id": str(n), "town": "340281199", "version": 1, "name": name},
        )
        for n, name in enumerate(names, 1)
    )


def chained(events: Any) -> list[Event]:
    """The same events numbered and hashed anew: what someone with the database and this code would do."""
    made: list[Event] = []
    for event in events:
        previous = made[-1].hash if made else GENESIS
        placed = event.model_copy(update={"sequence": len(made) + 1, "previoushash": previous})
        made.append(placed.hashed())
    return made


def named(event: Event, name: str) -> Event:
    return event.model_copy(update={"data": event.data | {"name": name}})


def head(events: Sequence[Event]) -> Head:
    last = events[-1]
    return Head(source=last.source, sequence=last.sequence, hash=last.hash, time="2020-06-01T00:00:00.000Z")


def judged(events: Sequence[Event], *witnessed: Head) -> Verdict:
    logs = Logs()
    for event in events:
        logs.add(event.attributes(), "here")
    (found,) = verdicts(logs, witnessed)
    return found


TRUE = log(["甲", "乙", "丙", "丁", "戊"])


def test_a_whole_log_verifies() -> None:
    found = judged(TRUE, head(TRUE[:3]), head(TRUE))
    assert (found.faults, found.sequence, found.hash, found.witnessed) == ((), 5, TRUE[-1].hash, 2)


def test_a_log_grown_since_it_was_witnessed_verifies() -> None:
    assert judged(TRUE, head(TRUE[:4])).faults == ()


def test_what_follows_a_witnessed_head_verifies_without_what_came_before() -> None:
    assert judged(TRUE[3:], head(TRUE[:3])).faults == ()
    assert judged(TRUE[3:]).faults == ("缺第 1–3 号",)


@pytest.mark.parametrize(
    ("events", "said"),
    [
        ([*TRUE[:2], *TRUE[3:]], "缺第 3 号"),
        ([*TRUE[:2], named(TRUE[2], "张"), *TRUE[3:]],
         "第 3 号（roster.person.registered.v1 person/3）写成以后被改动过"),
        ([TRUE[0], TRUE[2], TRUE[1], *TRUE[3:]], "第 2 号排在第 3 号之后：次序被移动"),
        ([*TRUE, *chained([*TRUE[:3], named(TRUE[3], "张")])[3:]], "第 4 号有 2 个不同的版本：日志分叉"),
        ([*chained([TRUE[0], named(TRUE[1], "张")]), *TRUE[2:]],
         "第 3 号接的不是这里的第 2 号：之前的历史被换过，或者日志在此分叉"),
        ([*TRUE, TRUE[-1]], "第 5 号出现了 2 次"),
    ],
    ids=["dropped", "changed", "moved", "forked", "replaced", "repeated"],
)  # fmt: skip
def test_it_says_where_a_chain_breaks(events: list[Event], said: str) -> None:
    assert said in judged(events).faults


REWRITTEN = chained([TRUE[0], named(TRUE[1], "张"), *TRUE[2:]])
DROPPED = chained([*TRUE[:2], *TRUE[3:], named(TRUE[4], "己")])
REORDERED = chained([TRUE[0], TRUE[2], TRUE[1], *TRUE[3:]])
FORKED = chained([*TRUE[:3], named(TRUE[3], "张"), named(TRUE[4], "李"), named(TRUE[4], "王")])


@pytest.mark.parametrize(
    "events", [REWRITTEN, DROPPED, REORDERED, FORKED], ids=["rewrite", "drop", "reorder", "fork"]
)
def test_history_made_anew_is_no_more_the_one_that_was_witnessed(events: list[Event]) -> None:
    """The whole chain was computed again, so that nothing in it betrays itself: the last witnessed head does."""
    assert judged(events).faults == ()
    (fault,) = judged(events, head(TRUE)).faults
    assert fault.startswith("第 5 号的散列不是 2020-06-01T00:00:00.000Z 见证过的那一个：第 1–5 号之间")


def test_earlier_witnessed_heads_narrow_down_where_it_was_made_anew() -> None:
    (fault,) = judged(FORKED, head(TRUE[:3]), head(TRUE)).faults
    assert "第 4–5 号之间" in fault


def test_a_log_cut_short_is_found_out() -> None:
    (fault,) = judged(TRUE[:3], head(TRUE)).faults
    assert "第 4 号以后的被删去" in fault


def test_two_heads_of_one_number_are_a_fork_even_without_the_log() -> None:
    assert any("分叉" in fault for fault in judged(TRUE, head(TRUE), head(FORKED[:5])).faults)


@given(st.data())
def test_no_single_change_of_a_witnessed_log_goes_unseen(data: st.DataObject) -> None:
    n = data.draw(st.integers(0, 4))
    changes: list[Callable[[list[Event]], Any]] = [
        lambda events: events.pop(n),
        lambda events: events.insert(n, named(events[n], "张")),
        lambda events: events.__setitem__(n, named(events[n], "张")),
        lambda events: events.insert(data.draw(st.integers(0, 3).filter(lambda m: m != n)), events.pop(n)),
    ]
    events = list(TRUE)
    data.draw(st.sampled_from(changes))(events)
    if data.draw(st.booleans()):
        events = chained(events)
    assert judged(events, head(TRUE)).faults or [e.hash for e in events] == [e.hash for e in TRUE]


# The commands, as a county's clerk types them.


def lvzhi(*arguments: str | Path) -> tuple[int, str]:
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    return result.exit_code, result.output


def written(path: Path, events: Sequence[Event], *, lines: bool = False) -> Path:
    found = [event.attributes() for event in events]
    text = "\n".join(map(json.dumps, found)) if lines else json.dumps(found)
    path.write_text(text, "utf-8")
    return path


@pytest.fixture
def office(tmp_path: Path) -> KeyStore:
    return KeyStore(tmp_path / "roster")


def witnessing(tmp_path: Path, office: KeyStore, *heads: Head) -> tuple[int, str]:
    file = tmp_path / "heads.txt"
    file.write_text("\n".join(sign_checkpoint(office, one) for one in heads), "utf-8")
    out, keys = tmp_path / "witnessed.txt", tmp_path / "county"
    return lvzhi("heads", "witness", file, "--jwks", office.jwks_path, "-o", out, "--keys", keys)


@pytest.mark.parametrize("lines", [False, True])
def test_a_file_is_verified_in_either_form(tmp_path: Path, *, lines: bool) -> None:
    assert lvzhi("verify", "log", written(tmp_path / "log.json", TRUE, lines=lines))[0] == 0
    status, said = lvzhi("verify", "log", written(tmp_path / "log.json", TRUE[1:], lines=lines))
    assert status == 1
    assert "缺第 1 号" in said


def test_what_is_no_event_is_named_by_its_place(tmp_path: Path) -> None:
    file = tmp_path / "log.json"
    file.write_text(json.dumps([TRUE[0].attributes(), {"id": 1}]))
    status, said = lvzhi("verify", "log", file)
    assert status == 1
    assert "log.json 第 2 条：不是本系统的事件" in said


def test_a_county_that_witnessed_finds_out_a_history_made_anew(tmp_path: Path, office: KeyStore) -> None:
    assert witnessing(tmp_path, office, head(TRUE))[0] == 0
    given: list[str | Path] = ["--witnessed", tmp_path / "witnessed.txt", "--keys", tmp_path / "county"]
    assert lvzhi("verify", "log", written(tmp_path / "true.json", TRUE), *given)[0] == 0
    status, said = lvzhi("verify", "log", written(tmp_path / "anew.json", REWRITTEN), *given)
    assert status == 1
    assert "第 5 号的散列不是" in said


def test_a_county_does_not_sign_what_contradicts_what_it_signed(tmp_path: Path, office: KeyStore) -> None:
    assert witnessing(tmp_path, office, head(TRUE))[0] == 0
    for other in (head(REWRITTEN), head(TRUE[:3]).model_copy(update={"time": "2020-07-01T00:00:00.000Z"})):
        assert witnessing(tmp_path, office, other)[0] == 1
    assert len((tmp_path / "witnessed.txt").read_text().splitlines()) == 1


def test_a_head_is_witnessed_once(tmp_path: Path, office: KeyStore) -> None:
    assert witnessing(tmp_path, office, head(TRUE))[0] == 0
    status, said = witnessing(tmp_path, office, head(TRUE), head(TRUE))
    assert status == 0
    assert "新见证 0 份" in said


def test_statements_of_another_key_are_not_signed(tmp_path: Path, office: KeyStore) -> None:
    stranger = KeyStore(tmp_path / "stranger")
    file = tmp_path / "heads.txt"
    file.write_text(sign_checkpoint(stranger, head(TRUE)))
    status, said = lvzhi(
        "heads",
        "witness",
        file,
        "--jwks",
        office.jwks_path,
        "-o",
        tmp_path / "w.txt",
        "--keys",
        tmp_path / "c",
    )
    assert status == 1
    assert "签名无效" in said


def test_statements_of_several_services_are_witnessed_with_the_key_of_each(
    tmp_path: Path, office: KeyStore
) -> None:
    other = KeyStore(tmp_path / "accounts")
    elsewhere = head(TRUE).model_copy(update={"source": "/340281199/accounts"})
    file, out = tmp_path / "heads.txt", tmp_path / "w.txt"
    file.write_text("\n".join((sign_checkpoint(office, head(TRUE)), sign_checkpoint(other, elsewhere))))
    given: list[str | Path] = [file, "-o", out, "--keys", tmp_path / "c", "--jwks", office.jwks_path]
    assert lvzhi("heads", "witness", *given)[0] == 1
    assert not out.exists()
    status, said = lvzhi("heads", "witness", *given, "--jwks", other.jwks_path)
    assert (status, "新见证 2 份" in said) == (0, True), said
    file = written(tmp_path / "log.json", TRUE)
    assert lvzhi("verify", "log", file, "--witnessed", out, "--keys", tmp_path / "c")[0] == 1, (
        "one is missing"
    )


def test_a_token_is_no_statement(tmp_path: Path, office: KeyStore) -> None:
    file = tmp_path / "heads.txt"
    file.write_text(office.mint("office", "340281199", ["office"]))
    arguments: list[str | Path] = [
        "--jwks",
        office.jwks_path,
        "-o",
        tmp_path / "w.txt",
        "--keys",
        tmp_path / "c",
    ]
    assert lvzhi("heads", "witness", file, *arguments)[0] == 1


def test_a_tampered_witness_record_is_refused(tmp_path: Path, office: KeyStore) -> None:
    assert witnessing(tmp_path, office, head(TRUE))[0] == 0
    record = tmp_path / "witnessed.txt"
    before, payload, signature = record.read_text().strip().split(".")
    record.write_text(f"{before}.{payload[:-4]}AAAA.{signature}")
    file = written(tmp_path / "log.json", TRUE)
    assert lvzhi("verify", "log", file, "--witnessed", record, "--keys", tmp_path / "county")[0] == 1
