"""A document that was changed so that it says something else does not verify; one that says the same does."""

import pytest

from recount import Log, NotReadable, read, verify
from tests.unit.recount.documents import FIRST, LAST, log_of, published, town_year
from tests.unit.recount.mutations import MUTATIONS
from tests.unit.recount.mutations.word import Word

BOOK, FILE = town_year()
LOG = Log.from_events(BOOK.town, log_of(BOOK))


def faults(file: bytes) -> list[str]:
    """What is told of a document; what cannot be read is told as well."""
    try:
        result = verify(read(file), LOG, FIRST, LAST, keys=published())
    except NotReadable as error:
        return [str(error)]
    return [str(fault) for fault in result.faults]


def test_the_document_itself_verifies() -> None:
    assert faults(FILE) == []


@pytest.mark.parametrize("name", MUTATIONS)
def test_a_mutation_is_told(name: str) -> None:
    word = Word(FILE, name)
    MUTATIONS[name](word)
    changed = word.bytes()
    assert changed != FILE
    assert faults(changed)
