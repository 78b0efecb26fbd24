"""The process that reads: a fault of it is told apart from a file that it cannot read."""

import sys
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from shared.documents.scan import worker
from shared.documents.scan.worker import ReaderFault, read_file
from shared.errors import PhotographUnfit
from tests.scan.samples import ballot
from tests.scan.test_files import paper, written


async def test_a_fault_of_the_reader_is_logged_by_its_type_and_no_fault_of_the_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "zxingcpp.py").write_text("raise ImportError('the name of a deputy')")
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    with capture_logs() as logs, pytest.raises(ReaderFault):
        await read_file(written("JPEG"), [ballot()[1]], cut=False)
    (told,) = [line for line in logs if line["event"] == "reading failed"]
    assert (told["log_level"], told["kind"], told["at"]) == ("error", "ImportError", "<module>:1")
    assert "deputy" not in str(logs)


@pytest.mark.parametrize(
    ("limit", "least", "told"), [("MEMORY", 200 << 20, "内存超过限制"), ("CPU_SECONDS", 0, "读得太久")]
)
async def test_a_file_over_the_limits_is_refused(
    limit: str, least: int, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, limit, least)
    large = written("JPEG", paper().resize((3500, 4950)))
    with capture_logs() as logs, pytest.raises(PhotographUnfit, match=told):
        await read_file(large, [ballot()[1]], cut=False)
    assert not any(line["event"] == "reading failed" for line in logs)


async def test_a_process_that_does_not_begin_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "false")
    with capture_logs() as logs, pytest.raises(ReaderFault):
        await read_file(written("JPEG"), [ballot()[1]], cut=False)
    told = [(line["kind"], line["status"]) for line in logs if line["event"] == "reading failed"]
    assert told == [("exit", 1)]
