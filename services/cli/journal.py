"""The journal of the machine: which commands were given here, by which user, with what outcome.

What changes records is in the logs and the audit; this is what is done on the machine itself, past every account:
starts, tokens for trying out, accounts made or recovered by the machine.
"""

import getpass
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

NAME: Final = "operations.jsonl"
"""In the data folder; one object a line: `at`, `user` of the machine, `command`, `outcome`, and what it was about."""
DONE, FAILED = "done", "failed"


@contextmanager
def recorded(data: Path, command: str, **about: Any) -> Iterator[None]:
    """Record a command when it ends, with its outcome. `about` has no secret and no name of a person."""
    try:
        yield
    except BaseException as error:
        stopped = isinstance(error, SystemExit) and not error.code
        record(data, command, DONE if stopped else FAILED, **about)
        raise
    record(data, command, DONE, **about)


def record(data: Path, command: str, outcome: str, **about: Any) -> None:
    """Append a line. In a folder that cannot be written there is none: nothing starts or is signed there either."""
    line = {"at": datetime.now(UTC).isoformat(timespec="seconds"), "user": _user(), "command": command}
    text = json.dumps(line | {"outcome": outcome} | about, ensure_ascii=False) + "\n"
    try:
        data.mkdir(parents=True, exist_ok=True)
        handle = os.open(data / NAME, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    except OSError:
        return
    with os.fdopen(handle, "a", encoding="utf-8") as file:
        file.write(text)


def read(data: Path) -> list[dict[str, Any]]:
    """All lines, oldest first; what cannot be read is left out."""
    try:
        lines = (data / NAME).read_text("utf-8").splitlines()
    except OSError:
        return []
    return [line for text in lines if (line := _object(text)) is not None]


def _object(text: str) -> dict[str, Any] | None:
    try:
        line = json.loads(text)
    except ValueError:
        return None
    return line if isinstance(line, dict) and {"at", "command", "outcome"} <= line.keys() else None


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # a container's user may have no name
        return str(os.getuid())
