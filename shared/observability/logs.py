"""Logging as JSON lines on stderr, for structlog and stdlib loggers alike, without personal data."""

import logging
import sys
from typing import TextIO

import structlog
from structlog.tracebacks import ExceptionDictTransformer
from structlog.typing import EventDict, Processor, WrappedLogger

from shared.observability.tracing import current_traceparent

# At DEBUG these log whole commands and frames, including the documents in them.
CHATTY = ("pymongo", "aiormq", "aio_pika")
# Error messages of these libraries quote input values: names, phone numbers, keys of documents.
LIBRARIES = ("pydantic", "pymongo", "bson", "json", "rfc8785")
# So do these exceptions, whichever code raises them: `int("13900001234x")`, `{}["王某"]`.
QUOTING = frozenset(
    {"ValidationError", "DuplicateKeyError", "BulkWriteError", "ValueError", "KeyError"}
    | {"UnicodeEncodeError", "UnicodeDecodeError"}
)


def _without_values(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Remove the messages of exceptions that quote data; type, file and line are kept."""
    for error in event.get("exception", ()) if isinstance(event.get("exception"), list) else ():
        quoting = error.get("exc_type") in QUOTING or any(
            f"/{name}" in frame.get("filename", "")
            for frame in error.get("frames", ())[-1:]
            for name in LIBRARIES
        )
        if quoting:
            error["exc_value"] = ""
            error["exc_notes"] = []
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
        structlog.processors.ExceptionRenderer(ExceptionDictTransformer(show_locals=False)),
        _without_values,
    ]


def configure(level: str = "INFO", *, service: str = "", stream: TextIO | None = None) -> None:
    """Configure logging of the process. `service` is added to each line, unless a request binds another one."""
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
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
        )
    )
    logging.basicConfig(handlers=[handler], level=level, force=True)
    # Raw request lines contain client addresses and ballot codes; the access log of shared.http replaces them.
    logging.getLogger("aiohttp.access").disabled = True
    for name in CHATTY:
        logging.getLogger(name).setLevel(logging.INFO)
    structlog.contextvars.clear_contextvars()
    if service:
        structlog.contextvars.bind_contextvars(service=service)
