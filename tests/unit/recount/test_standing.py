"""How the edition of a document stands, by the log of `reports` alone."""

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from services.cli.__main__ import app
from services.reports.domain import Report
from shared.envelope import GENESIS, Event
from tests.fixtures.documents import keys, log_of, signed, town_book, town_report

Steps = list[tuple[int, str]]
"""(edition, verb) of the events of a report."""
WAY: Steps = [(1, "compiled"), (2, "approved"), (3, "submitted"), (4, "accepted")]


def told(steps: Steps, **changes: Any) -> list[dict[str, Any]]:
    """The log of `reports` with these steps of the report."""
    town, log = town_book().town, list[Event]()
    for edition, verb in steps:
        report = town_report().model_dump(mode="json", include={"id", "town", "year", "period"})
        heads = town_report().model_dump(
            include={"sources": {"__all__": {"source", "head", "hash", "counts"}}}
        )
        event = Event(
            id=f"reports-{len(log) + 1}",
            source=f"/{town}/reports",
            type=f"reports.report.{verb}.v1",
            subject=f"report/{report['id']}",
            time="2021-01-01T00:00:00.000Z",
            town=town,
            sequence=len(log) + 1,
            previoushash=log[-1].hash if log else GENESIS,
            actor="test",
            data={**report, "version": edition, "sources": list(heads["sources"]), **changes},
        )
        log.append(event.hashed())
    return [json.loads(event.encode()) for event in log]


def of_edition(edition: int) -> Report:
    return town_report().model_copy(update={"version": edition})


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("standing")
    for edition in (1, 2, 4, 9):
        (made / f"{edition}.docx").write_bytes(signed(of_edition(edition)))
    (made / "log.json").write_text(json.dumps(log_of(town_book()), ensure_ascii=False), "utf-8")
    (made / "jwks.json").write_bytes(keys().published())
    return made


def verify(folder: Path, edition: int, reports: list[dict[str, Any]] | None, *more: str) -> Result:
    given = ["--log", str(folder / "log.json"), "--keys", str(folder / "jwks.json")]
    if reports is not None:
        (folder / "reports.json").write_text(json.dumps(reports, ensure_ascii=False), "utf-8")
        given += ["--log", str(folder / "reports.json")]
    return CliRunner().invoke(app, ["verify", str(folder / f"{edition}.docx"), *given, *more])


def test_the_file_alone_does_not_tell(folder: Path) -> None:
    done = verify(folder, 2, None)
    assert done.exit_code == 0, done.output
    assert "工作总结：文件里没有这一版是否核准、上报、退回，以后有没有另一版" in done.output


@pytest.mark.parametrize(
    ("edition", "steps", "said"),
    [
        (1, WAY[:1], "这一版是草稿，没有核准，日志到第1号"),
        (2, WAY[:2], "这一版已核准，日志到第2号"),
        (1, WAY[:2], "这一版的内容在第2版已核准，日志到第2号"),
        (2, WAY, "这一版的内容在第4版已接收，日志到第4号"),
        (2, [*WAY[:3], (4, "returned")], "这一版的内容在第4版已退回，日志到第4号"),
        (4, [*WAY, (5, "compiled")], "这一版已接收，以后又编制，第5版是草稿，没有核准，日志到第5号"),
        (
            4,
            [*WAY, (5, "compiled"), (6, "approved"), (7, "submitted"), (8, "returned")],
            "这一版已接收，以后又编制，第8版已退回，日志到第8号",
        ),
    ],
)
def test_with_the_log_of_reports_it_is_told_how_the_edition_stands(
    folder: Path, edition: int, steps: Steps, said: str
) -> None:
    done = verify(folder, edition, told(steps))
    assert done.exit_code == 0, done.output
    assert f"工作总结：{said}" in done.output


def test_an_edition_that_a_later_approved_one_replaced_is_to_be_confirmed(folder: Path) -> None:
    later: Steps = [*WAY, (5, "compiled"), (6, "compiled"), (7, "approved"), (8, "submitted")]
    for edition in (1, 4):
        done = verify(folder, edition, told(later))
        assert done.exit_code == 3, done.output
        assert "待确认  这一版以后另有第8版已上报" in done.output
        assert "要核验的确实是这一版的，请用 --confirm 确认" in done.output
        assert verify(folder, edition, told(later), "--confirm").exit_code == 0


def test_the_edition_of_other_heads_or_of_another_period_is_another(folder: Path) -> None:
    undone = [{"source": "roster", "head": 1, "hash": "0" * 64, "counts": {}}]
    for changes in ({"sources": undone}, {"period": "2019"}, {"sources": None}):
        done = verify(folder, 4, told(WAY, **changes))
        assert_not_in_the_log(done)


def test_an_edition_that_the_log_does_not_have_is_to_be_confirmed(folder: Path) -> None:
    assert_not_in_the_log(verify(folder, 9, told(WAY)))
    assert verify(folder, 9, told(WAY), "--confirm").exit_code == 0


def assert_not_in_the_log(done: Result) -> None:
    assert done.exit_code == 3, done.output
    assert "工作总结：日志中没有这一版，日志到第4号" in done.output
    assert "待确认  总结的日志中没有这一版" in done.output


def test_reports_of_the_first_releases_name_their_year_alone(folder: Path) -> None:
    assert "这一版已接收" in verify(folder, 4, told(WAY, period=None)).output


def test_a_log_of_reports_that_was_altered_is_refused(folder: Path) -> None:
    events = deepcopy(told(WAY))
    events[1]["type"] = "reports.report.returned.v1"
    done = verify(folder, 4, events)
    assert done.exit_code == 1
    assert "写入后被改动过" in done.output
