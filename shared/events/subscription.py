"""The subscription of a service: the streams it receives, and the handlers of each event type."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from pydantic import BaseModel

from shared.envelope import Event
from shared.storage.work import Work

REPLAY: Final = "*.replay.requested.v1"
Handler = Callable[[Work, Any, Event], Awaitable[None]]
Entry = tuple[type[BaseModel], Handler]


class UnknownMajor(ValueError):
    """An event type with a major version that this service does not support."""


@dataclass(frozen=True)
class Subscription:
    """The events that a service receives. `streams`: services whose streams it receives completely; `table`: model and
    handler by event type, where the verb may be `*`. `reactions`: the same for handlers that change what is the
    service's own; a rebuild, which has the copies made anew, does not call them again for the same event.

    With `keep` every event is stored and none needs a handler: the read model is the log.
    """

    streams: tuple[str, ...] = ()
    table: Mapping[str, Entry] = field(default_factory=dict)
    reactions: Mapping[str, Entry] = field(default_factory=dict)
    keep: bool = False

    @property
    def bindings(self) -> tuple[str, ...]:
        return (*(f"{service}.#" for service in self.streams), REPLAY)

    def entries(self, event_type: str, *, again: bool = False) -> list[Entry]:
        """The models and handlers of an event type; without the reactions where it is handled `again`. Errors:
        UnknownMajor."""
        found = (_entry(table, event_type) for table in (self.table, {} if again else self.reactions))
        return [entry for entry in found if entry is not None]


def _entry(table: Mapping[str, Entry], event_type: str) -> Entry | None:
    service, noun, verb, major = event_type.split(".")
    for key in (event_type, f"{service}.{noun}.*.{major}"):
        if key in table:
            return table[key]
    for key in table:
        if key.split(".")[:2] == [service, noun] and key.split(".")[2] in ("*", verb):
            raise UnknownMajor(f"{event_type}：没有这个版本的处理程序")
    return None
