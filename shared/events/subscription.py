"""What a service listens to: the streams it hears in whole, and the handler of each type."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from pydantic import BaseModel

from shared.envelope import Event
from shared.storage.work import Work

REPLAY: Final = "*.replay.requested.v1"
Handler = Callable[[Work, Any, Event], Awaitable[None]]


class UnknownMajor(ValueError):
    """A version of an event this service was not built for."""


@dataclass(frozen=True)
class Subscription:
    """What a service listens to. `streams` are services heard in whole; keys of `table` have `*` for the verb.

    With `keep` every event of the streams is kept and none needs a handler: the read model is the log.
    """

    streams: tuple[str, ...] = ()
    table: Mapping[str, tuple[type[BaseModel], Handler]] = field(default_factory=dict)
    keep: bool = False

    @property
    def bindings(self) -> tuple[str, ...]:
        return (*(f"{service}.#" for service in self.streams), REPLAY)

    def entry(self, event_type: str) -> tuple[type[BaseModel], Handler] | None:
        """The model and handler for a type; None when it is of no concern here. Raises UnknownMajor."""
        service, noun, verb, major = event_type.split(".")
        for key in (event_type, f"{service}.{noun}.*.{major}"):
            if key in self.table:
                return self.table[key]
        for key in self.table:
            if key.split(".")[:2] == [service, noun] and key.split(".")[2] in ("*", verb):
                raise UnknownMajor(f"{event_type}：没有这个版本的处理程序")
        return None
