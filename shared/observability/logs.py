"""Logging as JSON lines on stderr, for structlog and stdlib loggers alike, without personal data."""

import logging
import sys
from collections.abc import Iterator
from types import TracebackType
from typing import Any, Final, TextIO

import structlog
from structlog.tracebacks import ExceptionDictTransformer
from structlog.typing import EventDict, ExcInfo, Processor, WrappedLogger

from shared.errors import CannotStart
from shared.observability.tracing import current_traceparent

# At DEBUG these log whole commands and frames, including the documents in them.
CHATTY = ("pymongo", "aiormq", "aio_pika")
# Its messages name queues and quote the broker, which does not look into events.
BROKER: Final = "aiormq"
# Its messages quote documents; its codes do not.
DATABASE: Final = "pymongo"
CAUSES: Final = 5
TOLD_MOST: Final = 500
_traceback: Final = ExceptionDictTransformer(show_locals=False)


def told(error: BaseException) -> str:
    """The kinds of an error and of its causes. Messages are left out, because any may quote what people wrote
    (`int("13900001234x")`, `{}["王某"]`, the detail of a Problem), but for those of the system and of the broker and
    the sentences of CannotStart."""
    return " from ".join(map(_named, _with_causes(error)))[:TOLD_MOST]


def _named(error: BaseException) -> str:
    kind = type(error).__name__
    if isinstance(error, CannotStart) or type(error).__module__.startswith(BROKER):
        return f"{kind}: {error}"
    if isinstance(error, OSError) and error.errno is not None:
        return f"{kind}: [Errno {error.errno}] {error.strerror}"  # without the name of the file
    code = getattr(error, "code", None) if type(error).__module__.startswith(DATABASE) else None
    return f"{kind} {code}" if isinstance(code, int) else kind


def _with_causes(error: BaseException) -> Iterator[BaseException]:
    cause: BaseException | None = error
    for _ in range(CAUSES):
        if cause is not None:
            yield cause
            cause = cause.__cause__ or (None if cause.__suppress_context__ else cause.__context__)


def _without_messages(exc_info: ExcInfo) -> list[dict[str, Any]]:
    """Kind, file and line of an error and of its causes; the first says all that may be told of them."""
    stacks = [_without_message(stack) for stack in _traceback(exc_info)]
    stacks[0]["told"] = told(exc_info[1])
    return stacks


def _without_message(stack: dict[str, Any]) -> dict[str, Any]:
    for name in ("exc_value", "exc_notes", "syntax_error"):
        del stack[name]
    stack["exceptions"] = [[_without_message(each) for each in group] for group in stack["exceptions"]]
    return stack


def _plain(value: object) -> str:
    """What stands for a value that is no text, number or list: its representation may be a record."""
    return told(value) if isinstance(value, BaseException) else type(value).__name__


def _without_tasks(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """asyncio writes the task, with its result or its error, behind the first line."""
    if event.get("logger") == "asyncio":
        event["event"] = str(event["event"]).partition("\n")[0]
    return event


def _with_trace(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    traceparent = current_traceparent()
    if traceparent:
        event["trace_id"] = traceparent.split("-")[1]
    return event


def _processors() -> list[Processor]:
    return [
        structlog.contextvars.merge_contextvars,
        _with_trace,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.ExceptionRenderer(_without_messages),
        _without_tasks,
    ]


def _ended(kind: type[BaseException], error: BaseException, traceback: TracebackType | None) -> None:
    """The last line of a process that ends with an error, which Python would print whole."""
    if issubclass(kind, Exception):
        structlog.get_logger(__name__).critical("process ended", exc_info=(kind, error, traceback))
    else:
        sys.__excepthook__(kind, error, traceback)


def configure(level: str = "INFO", *, service: str = "", stream: TextIO | None = None) -> None:
    """Configure logging of the process. `service` is added to each line, unless a request binds another one. An error
    is passed as it is, `reason=error`, and is written as `told` says."""
    shared = _processors()
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(ensure_ascii=False, default=_plain),
            ],
        )
    )
    logging.basicConfig(handlers=[handler], level=level, force=True)
    # Raw request lines contain client addresses and ballot codes; the access log of shared.http replaces them.
    logging.getLogger("aiohttp.access").disabled = True
    for name in CHATTY:
        logging.getLogger(name).setLevel(logging.INFO)
    sys.excepthook = _ended
    structlog.contextvars.clear_contextvars()
    if service:
        structlog.contextvars.bind_contextvars(service=service)
