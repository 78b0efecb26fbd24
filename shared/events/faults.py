"""Classification of errors while applying events: poison, unavailable dependencies, others."""

from pydantic import ValidationError

from shared.envelope import Undecodable
from shared.errors import Problem, Unavailable
from shared.events.subscription import UnknownMajor
from shared.storage import mongo, transactions
from shared.transport import PublishFailed
from shared.validation import field_errors


class StillConflicting(ValueError):
    """An event conflicts with the received stream. The message gives the reason in Chinese."""


def reason_of(error: Exception) -> str:
    """The reason of a failure. Values of the event occur in round brackets only (see `outbox.without_values`)."""
    if isinstance(error, Problem):
        return f"{error.title}({error.detail})"
    if not isinstance(error, ValidationError):
        return repr(error)
    return "；".join(
        f"{field_error.loc.lstrip('.') or '事件'}：{field_error.message}"
        for field_error in field_errors("", error)
    )


def is_poison(error: Exception) -> bool:
    """Whether an error is caused by the event itself, so that no retry can succeed. A closed list."""
    if isinstance(error, Undecodable | ValidationError | UnknownMajor | StillConflicting):
        return True
    return isinstance(error, Problem) and not isinstance(error, Unavailable)


def is_unavailable(error: Exception) -> bool:
    """Whether the database or the broker is unavailable, which affects all streams."""
    return isinstance(
        error, Unavailable | PublishFailed | OSError | transactions.OutcomeUnknown
    ) or mongo.is_temporary(error)
