"""One JSON line per event on stderr, for structlog and stdlib loggers alike, with nothing personal in it."""

import logging
import sys
from typing import TextIO

import structlog
from structlog.tracebacks import ExceptionDictTransformer
from structlog.typing import EventDict, Processor, WrappedLogger

from shared.observability.tracing import current_traceparent

# At DEBUG these write down whole commands and frames, and with them the documents they carry.
CHATTY = ("pymongo", "aiormq", "aio_pika")
# The messages of these libraries quote the values they choked on: names, phone numbers, keys of documents.
LIBRARIES = ("pydantic", "pymongo", "bson", "json", "rfc8785")
# So do these, whoever raises them: `int("13900001234x")`, `{}["王某"]`.
QUOTING = frozenset(
    {"ValidationError", "DuplicateKeyError", "BulkWriteError", "ValueError", "KeyError"}
    | {"UnicodeEncodeError", "UnicodeDecodeError"}
)


def _without_values(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Drop the messages of exceptions that quote data; type, file and line stay."""
    for shown in event.get("exception", ()) if isinstance(event.get("exception"), list) else ():
        quoting = shown.get("exc_type") in QUOTING or any(
            f"/{name}" in frame.get("filename", "")
            for frame in shown.get("frames", ())[-1:]
            for name in LIBRARIES
        )
        if quoting:
            shown["exc_value"] = ""
            shown["exc_notes"] = []
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
    """Set up logging for the process. `service` stands in each line unless the request says otherwise."""
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
    # Raw request lines hold addresses of callers and the codes of ballots; the access log of shared.http replaces them.
    logging.getLogger("aiohttp.access").disabled = True
    for name in CHATTY:
        logging.getLogger(name).setLevel(logging.INFO)
    structlog.contextvars.clear_contextvars()
    if service:
        structlog.contextvars.bind_contextvars(service=service)
