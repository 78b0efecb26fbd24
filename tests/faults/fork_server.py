"""Starts the processes of a run quickly: modules are imported once, here, and each process is a fork.

Reads one Birth per line; says `born NAME PID` and `gone NAME STATUS`. Its children end with it.
"""

import ctypes
import gc
import os
import select
import signal
import sys
import traceback
from pathlib import Path

from pydantic import BaseModel

import services.activities.app
import services.host.gateway
import services.ratings.app
import services.reports.app
import services.roster.app  # noqa: F401
from tests.faults.plan import Plan
from tests.faults.victim import suffer

_POLL_SECONDS = 0.02
_PR_SET_PDEATHSIG = 1


class Birth(BaseModel):
    """`name` is the process's own, `service` what it is to be; `run` is the folder of the run."""

    name: str
    service: str
    environment: dict[str, str]
    plan: Plan
    run: Path


def main() -> None:
    children: dict[int, str] = {}
    gc.freeze()
    orders = os.fdopen(0, "rb", buffering=0, closefd=False)  # a buffer would hide a line from select
    _say("ready")
    while True:
        readable, _, _ = select.select([orders], [], [], _POLL_SECONDS)
        if readable:
            line = orders.readline()
            if not line:
                return
            birth = Birth.model_validate_json(line)
            pid = os.fork()
            if pid == 0:
                _live(birth)
            children[pid] = birth.name
            _say(f"born {birth.name} {pid}")
        while children:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if pid == 0:
                break
            _say(f"gone {children.pop(pid)} {os.waitstatus_to_exitcode(status)}")


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _live(birth: Birth) -> None:
    """Run a child process; never returns."""
    status = 1
    try:
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        log = os.open(birth.run / f"{birth.name}.log", os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        nothing = os.open(os.devnull, os.O_RDONLY)
        for inner, outer in ((nothing, 0), (log, 1), (log, 2)):
            os.dup2(inner, outer)
        os.environ.clear()
        os.environ.update(birth.environment)
        suffer(birth.service, birth.plan, birth.run)
        status = 0
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else 1
        traceback.print_exc()
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


if __name__ == "__main__":
    main()
