"""Starts the processes of a run quickly: modules are imported once, here, and each process is a fork.

Reads one ForkRequest per line; writes `started NAME PID` and `ended NAME STATUS`. Its children end with it.
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
from tests.faults.injector import run_with_faults
from tests.faults.plan import Plan

_POLL_SECONDS = 0.02
_PR_SET_PDEATHSIG = 1


class ForkRequest(BaseModel):
    """A process to start: its `name`, the `service` it runs; `run` is the folder of the run."""

    name: str
    service: str
    environment: dict[str, str]
    plan: Plan
    run: Path


def main() -> None:
    children: dict[int, str] = {}
    gc.freeze()
    requests = os.fdopen(0, "rb", buffering=0, closefd=False)  # a buffer would hide a line from select
    _write_line("ready")
    while True:
        readable, _, _ = select.select([requests], [], [], _POLL_SECONDS)
        if readable:
            line = requests.readline()
            if not line:
                return
            fork_request = ForkRequest.model_validate_json(line)
            pid = os.fork()
            if pid == 0:
                _run_child(fork_request)
            children[pid] = fork_request.name
            _write_line(f"started {fork_request.name} {pid}")
        while children:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if pid == 0:
                break
            _write_line(f"ended {children.pop(pid)} {os.waitstatus_to_exitcode(status)}")


def _write_line(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _run_child(fork_request: ForkRequest) -> None:
    """Run a child process; never returns."""
    status = 1
    try:
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        log = os.open(fork_request.run / f"{fork_request.name}.log", os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        nothing = os.open(os.devnull, os.O_RDONLY)
        for inner, outer in ((nothing, 0), (log, 1), (log, 2)):
            os.dup2(inner, outer)
        os.environ.clear()
        os.environ.update(fork_request.environment)
        run_with_faults(fork_request.service, fork_request.plan, fork_request.run)
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
