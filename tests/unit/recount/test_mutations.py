"""A document that was changed so that it says something else does not verify; one that says the same does."""

import pytest

from recount import Log, NotReadable, read, verify
from tests.fixtures.documents import (
    FIRST,
    LAST,
    log_of,
    of_before,
    published,
    town_check,
    town_report,
    town_year,
)
from tests.sampling import sampled
from tests.unit.recount.mutations import MUTATIONS, OF_THE_CHECK
from tests.unit.recount.mutations.proofs import MUTATIONS as PROOFS
from tests.unit.recount.mutations.word import Word

BOOK, FILE = town_year()
CHECK, BEFORE = town_check(), of_before(town_report())
for source in BOOK.events:
    BOOK.seal(source, as_of=LAST.isoformat(), manifest="lvzhi-summary-2")
LOG = Log.from_events(BOOK.town, log_of(BOOK))


def faults(file: bytes) -> list[str]:
    """What is told of a document; what cannot be read is told as well."""
    try:
        result = verify(read(file), LOG, FIRST, LAST, keys=published())
    except NotReadable as error:
        return [str(error)]
    return [str(fault) for fault in result.faults]


@pytest.mark.parametrize("file", [FILE, CHECK, BEFORE], ids=["summary", "check", "before"])
def test_the_document_itself_verifies(file: bytes) -> None:
    assert faults(file) == []


@pytest.mark.parametrize("name", sampled((name for name in MUTATIONS if name not in OF_THE_CHECK), every=4))
def test_a_mutation_is_told(name: str) -> None:
    assert told(FILE, name)


@pytest.mark.parametrize("name", [name for name in PROOFS if "taken away" in name])
def test_a_summary_whose_manifest_was_taken_away_is_told(name: str) -> None:
    """Every way, every day: what is left has no signature."""
    assert told(FILE, name)


@pytest.mark.parametrize("name", sampled([*OF_THE_CHECK, *PROOFS], every=4))
def test_a_mutation_of_the_check_document_is_told(name: str) -> None:
    assert told(CHECK, name)


def told(file: bytes, name: str) -> list[str]:
    word = Word(file, name)
    MUTATIONS[name](word)
    changed = word.bytes()
    assert changed != file
    return faults(changed)
