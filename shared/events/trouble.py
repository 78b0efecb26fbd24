"""Which errors are an event's own fault, which are the database's or the broker's."""

from pydantic import ValidationError

from shared.envelope import Undecodable
from shared.errors import Problem, Unavailable
from shared.events.subscription import UnknownMajor
from shared.storage import mongo
from shared.transport import PublishFailed
from shared.validation import field_errors


class StillConflicting(ValueError):
    """An event that cannot belong to its stream as it is held here; the message says why, in Chinese."""


def reason_of(error: Exception) -> str:
    """Why an event was refused. Values of the event stand in round brackets only (see `outbox.parked_event`)."""
    if isinstance(error, Problem):
        return f"{error.title}({error.detail})"
    if not isinstance(error, ValidationError):
        return repr(error)
    return "；".join(f"{one.loc.lstrip('.') or '事件'}：{one.message}" for one in field_errors("", error))


def is_poison(error: Exception) -> bool:
    """Whether an event is refused for what it says: no later try can go better. A closed list."""
    if isinstance(error, Undecodable | ValidationError | UnknownMajor | StillConflicting):
        return True
    return isinstance(error, Problem) and not isinstance(error, Unavailable)


def is_away(error: Exception) -> bool:
    """Whether the database or the broker is away, which troubles every stream alike."""
    return isinstance(
        error, Unavailable | PublishFailed | OSError | mongo.OutcomeUnknown
    ) or mongo.is_passing(error)
