"""`python -m benchmarks.scan [--first SEED] [--count N] [--harder]`: photographs made from seeds, held against what is
on them; of the harder set also by what was done to them."""

import argparse
import resource
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

import cv2

from shared.documents.layout import Plan
from shared.documents.numbers import number
from shared.documents.scan.files import pictures
from shared.documents.scan.reading import Reading, read
from tests.scan.harder import USUAL, harder
from tests.scan.photographs import Photograph, photograph
from tests.scan.samples import KINDS, sample

FIRST, COUNT = 10_001, 400
HARDER_FIRST, HARDER_COUNT = 20_001, 200
"""Seeds that no threshold was chosen by."""


@dataclass
class Outcome:
    """Of the photographs of one kind of sheet. `silent`: boxes read wrongly without being in doubt, as (seed, box), and
    pages taken for another one; `alike`: such boxes of which not every one can be told."""

    photographs: int = 0
    boxes: int = 0
    wrong: int = 0
    doubtful: int = 0
    silent: list[tuple[int, str]] = field(default_factory=list)
    alike: list[tuple[int, str]] = field(default_factory=list)
    unread: list[tuple[int, str]] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    conditions: Counter[str] = field(default_factory=Counter)

    def __add__(self, other: "Outcome") -> "Outcome":
        mine, theirs = vars(self), vars(other)
        return Outcome(**{name: mine[name] + theirs[name] for name in mine})

    def lines(self) -> Iterable[str]:
        right = 100 * (1 - self.wrong / max(1, self.boxes))
        yield f"photographs {self.photographs}, not read {len(self.unread)} {self.unread}"
        yield f"boxes {self.boxes}, right {right:.2f} %, doubtful {100 * self.doubtful / max(1, self.boxes):.2f} %"
        yield f"wrong {self.wrong}, of these not in doubt {len(self.silent)} {self.silent}"
        yield f"crossed out or over two rows, and not in doubt {len(self.alike)} {self.alike}"
        yield f"CPU seconds a page: mean {sum(self.seconds) / len(self.seconds):.2f}, most {max(self.seconds):.2f}"
        yield f"conditions {dict(self.conditions)}"

    def add(self, seed: int, taken: Photograph, reading: Reading, plan: Plan) -> None:
        if reading.problem:
            self.unread.append((seed, reading.problem))
            return
        if reading.page != taken.page:
            self.silent.append((seed, f"page {taken.page} as {reading.page}"))
            return
        doubtful = asked(reading, plan)
        wrong = [box.name for box in reading.boxes if box.ink != taken.ink[box.name]]
        self.boxes += len(reading.boxes)
        self.wrong += len(wrong)
        self.doubtful += len(doubtful)
        for name in wrong:
            if name not in doubtful:
                (self.alike if name in taken.alike else self.silent).append((seed, name))


def asked(reading: Reading, plan: Plan) -> set[str]:
    """Boxes that somebody is told to look at: one in doubt, or all of a number that is."""
    marks = {box.name: box for box in reading.boxes}
    numbers = {name: number(name, marks) for name in plan.numbers}
    unsure = {name for name, found in numbers.items() if found is None or found.doubtful}
    return {name for name, box in marks.items() if box.doubtful or name.rpartition("/")[0] in unsure}


def measure(seeds: Iterable[int], *, odd: bool = False) -> dict[str, Outcome]:
    """Outcomes by kind of sheet; of the harder set (`odd`) also by each thing that was done."""
    cv2.setNumThreads(1)
    outcomes: dict[str, Outcome] = {}
    for seed in seeds:
        kind, (pdf, layout) = sample(seed)
        taken = (harder if odd else photograph)(pdf, layout, seed)
        begin = time.process_time()
        (picture,) = pictures(taken.data)
        reading = read(picture, [layout], cut=True)
        seconds = time.process_time() - begin
        done = [one for one in taken.conditions if odd and one not in USUAL]
        for name in (kind, *done):
            outcome = outcomes.setdefault(name, Outcome())
            outcome.seconds.append(seconds)
            outcome.photographs += 1
            outcome.conditions.update(taken.conditions)
            outcome.add(seed, taken, reading, layout.pages[taken.page - 1])
    return outcomes


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scan", description=__doc__)
    parser.add_argument("--harder", action="store_true", help="the harder set")
    parser.add_argument("--first", type=int)
    parser.add_argument("--count", type=int)
    options = parser.parse_args()
    usual = (HARDER_FIRST, HARDER_COUNT) if options.harder else (FIRST, COUNT)
    first, count = options.first or usual[0], options.count or usual[1]
    outcomes = measure(range(first, first + count), odd=options.harder)
    kinds = (outcome for name, outcome in outcomes.items() if name in {kind.__name__ for kind in KINDS})
    for kind, outcome in (*outcomes.items(), ("all", sum(kinds, Outcome()))):
        for line in outcome.lines():
            print(f"{kind}: {line}")
    print(
        f"memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB, with making the photographs"
    )


if __name__ == "__main__":
    main()
