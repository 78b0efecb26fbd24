"""`python -m benchmarks.scan [--first SEED] [--count N]`: photographs made from seeds, held against what is on them."""

import argparse
import resource
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

import cv2

from shared.documents.scan.files import pictures
from shared.documents.scan.reading import read
from tests.scan.photographs import photograph
from tests.scan.samples import sample

FIRST, COUNT = 10_001, 400
"""Seeds that no threshold was chosen by."""


@dataclass
class Outcome:
    """`silent`: boxes read wrongly without being in doubt, as (seed, box)."""

    photographs: int = 0
    boxes: int = 0
    wrong: int = 0
    doubtful: int = 0
    silent: list[tuple[int, str]] = field(default_factory=list)
    unread: list[tuple[int, str]] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    conditions: Counter[str] = field(default_factory=Counter)

    def lines(self) -> Iterable[str]:
        right = 100 * (1 - self.wrong / max(1, self.boxes))
        yield f"photographs {self.photographs}, not read {len(self.unread)} {self.unread}"
        yield f"boxes {self.boxes}, right {right:.2f} %, doubtful {100 * self.doubtful / max(1, self.boxes):.2f} %"
        yield f"wrong and not in doubt {len(self.silent)} {self.silent}"
        yield f"CPU seconds a page: mean {sum(self.seconds) / len(self.seconds):.2f}, most {max(self.seconds):.2f}"
        yield f"memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB, with making the photographs"
        yield f"conditions {dict(self.conditions)}"


def measure(seeds: Iterable[int]) -> Outcome:
    cv2.setNumThreads(1)
    outcome = Outcome()
    for seed in seeds:
        pdf, layout = sample(seed)
        taken = photograph(pdf, layout, seed)
        begin = time.process_time()
        (picture,) = pictures(taken.data)
        reading = read(picture, [layout], cut=True)
        outcome.seconds.append(time.process_time() - begin)
        outcome.photographs += 1
        outcome.conditions.update(taken.conditions)
        if reading.problem or reading.page != taken.page:
            outcome.unread.append((seed, reading.problem))
            continue
        wrong = [box for box in reading.boxes if box.ink != taken.ink[box.name]]
        outcome.boxes += len(reading.boxes)
        outcome.wrong += len(wrong)
        outcome.doubtful += sum(box.doubtful for box in reading.boxes)
        outcome.silent += [(seed, box.name) for box in wrong if not box.doubtful]
    return outcome


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scan", description=__doc__)
    parser.add_argument("--first", type=int, default=FIRST)
    parser.add_argument("--count", type=int, default=COUNT)
    options = parser.parse_args()
    for line in measure(range(options.first, options.first + options.count)).lines():
        print(line)


if __name__ == "__main__":
    main()
