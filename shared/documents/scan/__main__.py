"""The process that reads one file: layouts and bytes on its input, what was read on its output as JSON."""

import base64
import json
import resource
import sys
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

    from shared.documents.scan.files import Unfit, pictures
    from shared.documents.scan.reading import read

    cv2.setNumThreads(1)
    layouts = [Layout.from_json(one) for one in asked["layouts"]]
    pages: list[dict[str, Any]] = []
    try:
        for picture in pictures(data):
            found = read(picture, layouts, cut=asked["cut"])
            pages.append(
                {
                    "sheet": found.sheet,
                    "page": found.page,
                    "problem": found.problem,
                    "upside_down": found.upside_down,
                    "boxes": {box.name: [box.ink, box.sure] for box in found.boxes},
                    "cuts": {name: base64.b64encode(cut).decode() for name, cut in found.cuts.items()},
                }
            )
    except Unfit as unfit:
        return {"unfit": str(unfit)}
    return {"pages": pages}


if __name__ == "__main__":
    main()
