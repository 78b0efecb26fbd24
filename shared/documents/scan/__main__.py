"""The process that reads one file: what is asked and bytes on its input, what was read on its output as JSON."""

import base64
import json
import resource
import sys
from functools import partial
from typing import Any

from shared.documents.layout import Layout


def main() -> None:
    asked = json.loads(sys.stdin.buffer.readline())
    data = sys.stdin.buffer.read()
    resource.setrlimit(resource.RLIMIT_CPU, (asked["seconds"], asked["seconds"]))
    resource.setrlimit(resource.RLIMIT_DATA, (asked["bytes"], asked["bytes"]))
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
    json.dump(_answer(asked, data), sys.stdout)


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
