"""The subscription of a service: the streams it receives, and the handler of each event type."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from pydantic import BaseModel

from shared.envelope import Event
from shared.storage.work import Work

REPLAY: Final = "*.replay.requested.v1"
Handler = Callable[[Work, Any, Event], Awaitable[None]]


class UnknownMajor(ValueError):
    """An event type with a major version that this service does not support."""


@dataclass(frozen=True)
class Subscription:
    """The events that a service receives. `streams`: services whose streams it receives completely; `table`: model and
    handler by event type, where the verb may be `*`.

    With `keep` every event is stored and none needs a handler: the read model is the log.
    """

    streams: tuple[str, ...] = ()
    table: Mapping[str, tuple[type[BaseModel], Handler]] = field(default_factory=dict)
    keep: bool = False

    @property
    def bindings(self) -> tuple[str, ...]:
        return (*(f"{service}.#" for service in self.streams), REPLAY)

    def entry(self, event_type: str) -> tuple[type[BaseModel], Handler] | None:
        """The model and handler of an event type; None for types without one. Errors: UnknownMajor."""
        service, noun, verb, major = event_type.split(".")
        for key in (event_type, f"{service}.{noun}.*.{major}"):
            if key in self.table:
                return self.table[key]
        for key in self.table:
            if key.split(".")[:2] == [service, noun] and key.split(".")[2] in ("*", verb):
                raise UnknownMajor(f"{event_type}：没有这个版本的处理程序")
        return None
