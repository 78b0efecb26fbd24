"""Transactions with retry: sessions, commits whose response was lost, conflicts."""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Final, TypeVar, cast

from pymongo.errors import OperationFailure, PyMongoError
from pymongo.read_concern import ReadConcern
from pymongo.write_concern import WriteConcern

from shared.clock import Backoff
from shared.storage.mongo import DEADLINE_SECONDS, Database, Document, Session

T = TypeVar("T")

SETTLING: Final = 3
"""How many times as long a commit may take until its outcome is known: a primary that is lost is replaced after 10 to
12 s (MongoDB manual, "Replica Set Elections")."""
INTERRUPTED: Final = 11601
"""What the operation of a session gets that another process has ended (ADR 0014). It has no label."""
FIRST_PAUSE, LONGEST_PAUSE = 0.05, 1.0
CONFLICT_SECONDS: Final = 0.005
"""Mean wait after a write conflict. A replica that is never idle leaves gaps of a millisecond between its
transactions: one of twelve tries meets one, so waiting longer than a transaction means losing for seconds."""


async def open_session(database: Database) -> Session:
    """A session for consecutive transactions."""
    return await database.client.start_session()


def session_name(session: Session) -> dict[str, object]:
    """The server's id of a session, for `end_session`."""
    return dict(cast(Document, session.session_id))


async def end_session(database: Database, session_id: Document) -> None:
    """Have the server abort what a session has open. Nothing happens to one that is not known."""
    await database.client.admin.command("killSessions", [session_id])


class OutcomeUnknown(Exception):
    """A commit was sent and nobody could tell within the deadline whether it took effect."""


async def in_transaction(
    session: Session,
    body: Callable[[Session], Awaitable[T]],
    *,
    committed: Callable[[], Awaitable[bool]],
    seconds: float = DEADLINE_SECONDS,
) -> T:
    """Run `body` in one transaction; after a write conflict it runs again from its start.

    If `body` raises, nothing is written. A commit whose response is lost is sent again, which is safe (MongoDB manual,
    "Retryable writes": commitTransaction); then `committed` looks the writes up before `body` would run again.
    Errors: OutcomeUnknown where that is not possible in time.
    """
    deadline = time.monotonic() + seconds
    while True:
        session.start_transaction(ReadConcern("snapshot"), WriteConcern("majority", j=True))
        try:
            result = await body(session)
        except BaseException as error:
            await _abort(session)
            if not _is_transient(error) or time.monotonic() > deadline:
                raise
            await step_aside()
            continue
        # Of its own: the body may have taken all of the time.
        settling = time.monotonic() + SETTLING * seconds
        try:
            await _commit(session, settling)
        except PyMongoError as error:
            if await _settled(committed, settling, error):
                return result
            if not _is_transient(error) or time.monotonic() > deadline:
                raise
            await step_aside()
            continue
        return result


async def step_aside(number: int = 1) -> None:
    """Wait a random while, so that two that keep conflicting get out of step; on average longer with the number of the
    try."""
    await asyncio.sleep(random.uniform(0, 2 * CONFLICT_SECONDS * number))  # noqa: S311 - jitter


async def _commit(session: Session, deadline: float) -> None:
    backoff = Backoff(FIRST_PAUSE, LONGEST_PAUSE)
    while True:
        try:
            await session.commit_transaction()
        except PyMongoError as error:
            unknown = error.has_error_label("UnknownTransactionCommitResult")
            if not unknown or time.monotonic() + backoff.wait > deadline:
                raise
            await backoff.sleep()
        else:
            return


async def _settled(committed: Callable[[], Awaitable[bool]], deadline: float, error: PyMongoError) -> bool:
    """Whether a commit that failed took effect after all."""
    backoff = Backoff(FIRST_PAUSE, LONGEST_PAUSE)
    while True:
        try:
            return await committed()
        except PyMongoError as away:
            if time.monotonic() + backoff.wait > deadline:
                raise OutcomeUnknown(f"{error!r}, then {away!r}"[:300]) from error
        await backoff.sleep()


async def _abort(session: Session) -> None:
    """Abort. An unreachable server aborts by itself: with the next transaction, or after a minute."""
    if session.in_transaction:  # type: ignore[truthy-function]
        with suppress(PyMongoError):
            await session.abort_transaction()


def _is_transient(error: BaseException) -> bool:
    if isinstance(error, OperationFailure) and error.code == INTERRUPTED:
        return True
    return isinstance(error, PyMongoError) and error.has_error_label("TransientTransactionError")
