"""The process that reads one file: what is asked and bytes on its input, what was read on its output as JSON."""

import base64
import json
import resource
import sys
from functools import partial
from traceback import walk_tb
from typing import Any, Final

from shared.documents.layout import Layout
from shared.documents.scan.worker import OVER_LIMIT

NO_MEMORY: Final = -4
"""The code of an error of OpenCV that could not get memory."""


def main() -> None:
    asked = json.loads(sys.stdin.buffer.readline())
    data = sys.stdin.buffer.read()
    resource.setrlimit(resource.RLIMIT_CPU, (asked["seconds"], asked["seconds"] + 5))  # SIGXCPU, not SIGKILL
    resource.setrlimit(resource.RLIMIT_DATA, (asked["bytes"], asked["bytes"]))
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
    try:
        answer = _answer(asked, data)
    except MemoryError:
        sys.exit(OVER_LIMIT)
    except Exception as fault:
        if getattr(fault, "code", None) == NO_MEMORY:
            sys.exit(OVER_LIMIT)
        # By type and place alone: a message may have a value in it.
        *_, (frame, line) = walk_tb(fault.__traceback__)
        answer = {"fault": type(fault).__name__, "at": f"{frame.f_code.co_name}:{line}"}
    json.dump(answer, sys.stdout)


def _answer(asked: dict[str, Any], data: bytes) -> dict[str, Any]:
    # Imported within the limits: these are the libraries that take memory.
    import cv2

    from shared.documents.scan.files import Unfit, jpeg

    cv2.setNumThreads(1)
    try:
        if asked["layouts"] is None:
            return {"jpeg": base64.b64encode(jpeg(data)).decode()}
        return {"pages": _pages(asked, data)}
    except Unfit as unfit:
        return {"unfit": str(unfit)}


def _pages(asked: dict[str, Any], data: bytes) -> list[dict[str, Any]]:
    from shared.documents.scan.files import pictures
    from shared.documents.scan.reading import read

    layouts = [Layout.from_json(one) for one in asked["layouts"]]
    earlier: dict[Any, Any] = {}
    told = []
    for one in map(partial(read, layouts=layouts, cut=asked["cut"], earlier=earlier), pictures(data)):
        place = one.sheet, one.page
        told.append(
            {
                "sheet": one.sheet,
                "page": one.page,
                "problem": one.problem,
                "upside_down": one.upside_down,
                "again": place in earlier and not one.problem,
                "boxes": {box.name: [box.ink, box.sure] for box in one.boxes},
                "cuts": {name: base64.b64encode(cut).decode() for name, cut in one.cuts.items()},
            }
        )
        if not one.problem and one.sheet not in asked["copies"]:
            earlier[place] = one.boxes
    return told


if __name__ == "__main__":
    main()
