"""What the process says of itself: logs without personal data, metrics, traces that go on."""

import asyncio
import gc
import io
import json
import logging
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import structlog
from aio_pika.exceptions import ChannelPreconditionFailed
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError
from pymongo.errors import AutoReconnect, DuplicateKeyError, OperationFailure

from shared.errors import CannotStart, Conflict
from shared.observability.metrics import expose
from shared.observability.tracing import current_traceparent, traced, untraced
from shared.settings import Settings
from tests.fixtures.logged import logged
from tests.unit.shared.serving import TOWN, Served

SECRET = "张三13900000000"
TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    with logged(service="notes") as stream:
        yield stream


def lines(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_one_format_for_all_loggers(written: io.StringIO) -> None:
    structlog.get_logger("a").info("代表入册", count=3)
    logging.getLogger("aiormq").warning("foreign %s", "连接")
    ours, foreign = lines(written)
    assert (ours["event"], ours["count"], ours["level"], ours["service"]) == ("代表入册", 3, "info", "notes")
    assert (foreign["event"], foreign["logger"], foreign["service"]) == ("foreign 连接", "aiormq", "notes")
    assert "代表入册" in written.getvalue()


class Person(BaseModel):
    born_year: int


def test_exceptions_that_quote_data_lose_their_message(written: io.StringIO) -> None:
    log = structlog.get_logger("a")
    for trouble in (lambda: Person.model_validate({"born_year": SECRET}), lambda: json.loads(f'"{SECRET}')):
        try:
            trouble()
        except ValueError:
            log.exception("fault")
            logging.getLogger("b").exception("fault")
    log.error("fault", exc_info=DuplicateKeyError(SECRET))
    assert SECRET not in written.getvalue()
    assert lines(written)[0]["exception"][0]["exc_type"] == ValidationError.__name__
    assert all(line["exception"][0]["frames"] for line in lines(written)[:-1])
    assert not any("locals" in frame for line in lines(written) for frame in line["exception"][0]["frames"])


def invalid() -> ValidationError:
    with pytest.raises(ValidationError) as caught:
        Person.model_validate({"born_year": [SECRET]})
    return caught.value


def caused() -> Exception:
    conflict = Conflict(f"已有 {SECRET}")
    conflict.__cause__ = KeyError(SECRET)
    return conflict


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (invalid(), "ValidationError"),
        (KeyError(SECRET), "KeyError"),
        (RuntimeError(f"{SECRET} is not there"), "RuntimeError"),
        (caused(), "Conflict from KeyError"),
        (OperationFailure(SECRET, 50, {"errmsg": SECRET}), "OperationFailure 50"),
        (AutoReconnect(SECRET), "AutoReconnect"),
        (FileNotFoundError(2, "No such file or directory", SECRET), "[Errno 2] No such file or directory"),
        (TimeoutError(), "TimeoutError"),
        (CannotStart("端口 8080 已被占用"), "CannotStart: 端口 8080 已被占用"),
        (ChannelPreconditionFailed("no queue"), "ChannelPreconditionFailed: no queue"),
        (ExceptionGroup(SECRET, [ValueError(SECRET)]), "ExceptionGroup"),
    ],
)
def test_an_error_is_told_without_what_it_quotes(error: Exception, told: str, written: io.StringIO) -> None:
    error.add_note(SECRET)
    structlog.get_logger("a").warning("waits", reason=error, exc_info=error, all=[error])
    logging.getLogger("b").warning("waits", exc_info=error)
    ours, foreign = lines(written)
    assert ours["reason"].removeprefix("FileNotFoundError: ") == told
    assert ours["all"] == [ours["reason"]]
    assert ours["exception"][0]["told"] == foreign["exception"][0]["told"] == ours["reason"]
    assert SECRET not in written.getvalue()


def test_a_record_is_not_written_where_a_text_belongs(written: io.StringIO) -> None:
    structlog.get_logger("a").info("changed", person=Person(born_year=1970))
    assert lines(written)[0]["person"] == "Person"


async def test_a_task_whose_error_nobody_took_is_told_without_it(written: io.StringIO) -> None:
    async def failing() -> None:
        raise KeyError(SECRET)

    task = asyncio.create_task(failing())
    await asyncio.wait({task})
    del task
    gc.collect()
    (line,) = [line for line in lines(written) if "exception" in line]
    assert (line["event"], line["exception"][0]["told"]) == ("Task exception was never retrieved", "KeyError")
    assert SECRET not in written.getvalue()


def test_a_process_that_ends_with_an_error_does_not_print_it() -> None:
    """As one whose start meets a record that it cannot read."""
    program = f"from shared.observability import logs; logs.configure(); raise KeyError('{SECRET}')"
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    line = json.loads(ended.stderr)
    assert (ended.returncode, line["level"], line["exception"][0]["told"]) == (1, "critical", "KeyError")
    assert SECRET not in ended.stderr


async def test_a_request_leaves_one_line_that_names_nobody(
    served: Served, office: dict[str, str], written: io.StringIO
) -> None:
    path = f"/notes/v1/towns/{TOWN}/notes"
    await served.client.get(
        f"{path}?title={SECRET}", headers=office | {"X-Request-Id": "r-1", "traceparent": TRACE}
    )
    (line,) = [line for line in lines(written) if line["event"] == "request"]
    assert (line["route"], line["status"], line["request_id"]) == ("/notes/v1/towns/{town}/notes", 200, "r-1")
    assert "13900000000" not in written.getvalue()
    assert "clerk" not in written.getvalue()


async def test_a_fault_is_logged_with_its_place(
    served: Served, office: dict[str, str], written: io.StringIO
) -> None:
    answer = await served.client.get("/notes/v1/broken", headers=office)
    (line,) = [line for line in lines(written) if line["event"] == "fault"]
    assert line["request_id"] == answer.headers["X-Request-Id"]
    assert line["exception"][0]["frames"][-1]["name"] == "broken"


async def test_quiet_pages_leave_nothing(served: Served, written: io.StringIO) -> None:
    for method in ("GET", "POST", "DELETE"):
        await served.client.request(method, "/p/geheim-17", headers={"traceparent": TRACE})
    await served.client.get("/p/broken", headers={"traceparent": TRACE})
    assert "geheim" not in written.getvalue()
    assert TRACE[3:35] not in written.getvalue()
    (fault,) = [line for line in lines(written) if line["event"] == "fault"]
    assert (fault["kind"], fault["route"], "request_id" in fault, "exception" in fault) == (
        "RuntimeError", "/p/{code}", False, False,
    )  # fmt: skip


def test_a_trace_goes_on_with_a_span_of_its_own() -> None:
    with traced(TRACE) as current:
        assert current == current_traceparent() != TRACE
        assert current[:36] == TRACE[:36]
        with untraced():
            assert current_traceparent() == ""
    assert current_traceparent() == ""


@given(
    st.none()
    | st.text()
    | st.from_regex(r"[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}", fullmatch=True)
)
def test_any_header_gives_a_valid_trace(header: str | None) -> None:
    with traced(header) as first, traced(first) as second:
        assert second[:36] == first[:36]


def test_metrics_in_both_formats() -> None:
    assert expose("")[1].startswith("text/plain")
    content, kind = expose("application/openmetrics-text; version=1.0.0")
    assert kind.startswith("application/openmetrics-text")
    assert content.endswith(b"# EOF\n")


def test_settings_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("MONGODB_URL", "AMQP_URL", "LVZHI_PORT", "LVZHI_DATA_DIR"):
        monkeypatch.delenv(name, raising=False)
    assert Settings().mongodb_url is None
    monkeypatch.setenv("MONGODB_URL", "mongodb://u:geheim@h/")
    monkeypatch.setenv("LVZHI_MONGODB_URL", "mongodb://wrong/")
    monkeypatch.setenv("LVZHI_DATA_DIR", "/srv/x")
    settings = Settings()
    assert settings.mongodb_url is not None
    assert settings.mongodb_url.get_secret_value() == "mongodb://u:geheim@h/"
    assert settings.data_dir == Path("/srv/x")
    assert "geheim" not in repr(settings)
    monkeypatch.setenv("LVZHI_PORT", "70000")
    with pytest.raises(ValidationError):
        Settings()
