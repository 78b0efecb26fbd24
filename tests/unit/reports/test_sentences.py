"""The sentences as a table: each that claims completeness has its twin, never both are said, and none on a guess."""

import random
import re
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from services.reports.checks.rules import IDS
from services.reports.domain import Figure, FigureStatus, Wording
from services.reports.figures import BY_ID, FigureKind
from services.reports.narrative import Writer, outline, presets
from services.reports.narrative.context import ITEMS, context
from services.reports.narrative.template import BUNDLED, Sentence
from tests.unit.reports.book import Book

SENTENCES: Mapping[str, tuple[Sentence, ...]] = outline("A").sentences
COMPLETE = re.compile(r"全部|均|每个|每组|每次|每人|都有|都订|没有缺额|符合法定人数")
WHOLE = re.compile(r"([a-z_.]+_rate) == 1\b|([a-z_.]+) == ([a-z_.]+[a-z_])\b|([a-z_.]+\.vacant) == 0")
BY_RECORDS = {"every_quarter", "all_led", "all_planned", "found.congress.quorum"}
"""Names that say of all records that each of them is so; tried in the tests of the context and of the rules."""

ONLY_IN_THE_TABLE = {"deputies.mandates", "deputies.overlap"}
"""Numbers that only serve to check others."""


def written() -> list[dict[str, Any]]:
    found = tomllib.loads((BUNDLED / "sentences.toml").read_text("utf-8"))
    return [{"paragraph": name, **entry} for name, entries in found.items() for entry in entries]


def claims() -> list[dict[str, Any]]:
    return [entry for entry in written() if COMPLETE.search(entry["text"])]


def test_there_are_enough_patterns_and_every_paragraph_is_used() -> None:
    assert len(written()) >= 150
    used = {
        name for preset in presets() for section in outline(preset).sections for name in section.paragraphs
    }
    assert set(SENTENCES) - used == {"closing"}  # said at the end of what is sent upward


def test_every_figure_is_said_somewhere_or_stands_in_the_table_alone() -> None:
    said = {name for sentences in SENTENCES.values() for sentence in sentences for name in sentence.names}
    assert set(BY_ID) - said == ONLY_IN_THE_TABLE
    assert {rule for name in said if name.startswith("found.") for rule in [name[6:]]} <= set(IDS)


@pytest.mark.parametrize("entry", claims(), ids=lambda entry: f"{entry['paragraph']}:{entry['text'][:12]}")
def test_a_claim_of_completeness_asks_for_equality(entry: dict[str, Any]) -> None:
    when = entry.get("when", "")
    assert WHOLE.search(when) or BY_RECORDS & set(re.findall(r"[a-z_.]+", when)), when
    assert not COMPLETE.search(entry.get("else", ""))


@pytest.mark.parametrize("entry", claims(), ids=lambda entry: f"{entry['paragraph']}:{entry['text'][:12]}")
def test_a_claim_of_completeness_has_its_twin(entry: dict[str, Any]) -> None:
    """Its `else`, or a sentence of the same paragraph that is said where it is not and claims nothing."""
    if "else" in entry or "found." in entry.get("when", ""):
        return
    assert _twins(entry)


OPPOSITE = {"all_led": "unled_groups", "all_planned": "unplanned_groups", "every_quarter": "missing_quarters"}


def figure(id: str, dice: random.Random) -> Figure:
    """Any figure there may be: small numbers, so that equal ones happen; sometimes none at all."""
    definition = BY_ID[id]
    common = {"id": id, "label": definition.label, "definition": "", "unit": definition.unit}
    if dice.random() < 0.1:
        return Figure(**common, status=FigureStatus.MISSING)
    if definition.kind is FigureKind.RATE:
        whole = dice.randrange(4)
        part = dice.randint(0, whole)
        if not whole:
            return Figure(**common, status=FigureStatus.NOT_APPLICABLE)
        value = part / whole
        status = FigureStatus.VALUE if part else FigureStatus.ZERO
        return Figure(**common, value=value, numerator=part, denominator=whole, status=status)
    number = dice.randrange(4)
    return Figure(**common, value=number, status=FigureStatus.VALUE if number else FigureStatus.ZERO)


def worlds(n: int = 250) -> Iterator[Writer]:
    """Random figures and names; lists have one item."""
    empty = context(Book().year(), Wording())
    dice = random.Random(20201207)
    for _ in range(n):
        names: dict[str, Any] = {name: dice.choice(["", "某"]) for name in empty}
        names |= {name: [{key: dice.choice(["", "某"]) for key in keys}] for name, keys in ITEMS.items()}
        names |= {f"found.{rule}": dice.random() < 0.5 for rule in IDS}
        for whole, lacking in OPPOSITE.items():
            names[lacking] = "" if names[whole] else "某"
        yield Writer(names, {id: figure(id, dice) for id in BY_ID})


def said(writer: Writer, sentence: Sentence) -> list[str]:
    return ["".join(run.text for run in runs) for runs in writer.say(sentence)]


def test_whatever_the_figures_are_a_claim_is_said_only_on_equality() -> None:
    spoken: set[str] = set()
    for writer in worlds():
        for entry in claims():
            sentence = _sentence(entry)
            found = [text for text in said(writer, sentence) if COMPLETE.search(text)]
            match = WHOLE.search(entry.get("when", ""))
            if not found or match is None:
                continue
            spoken.add(entry["text"])
            rate, left, right, zero = match.groups()
            if rate:
                assert writer.figures[rate].numerator == writer.figures[rate].denominator
            elif zero:
                assert writer.figures[zero].value == 0
            else:
                assert writer.figures[left].value == writer.figures[right].value
    assert spoken == {entry["text"] for entry in claims() if WHOLE.search(entry.get("when", ""))}


def test_of_a_pair_exactly_one_is_said_whenever_its_figures_are_known() -> None:
    pairs = [s for sentences in SENTENCES.values() for s in sentences if s.otherwise and s.each is None]
    assert len(pairs) > 15
    for writer in worlds(100):
        for sentence in pairs:
            needed = [writer.figures[name] for name in sentence.names if name in writer.figures]
            if all(one.value is not None for one in needed):
                assert len(said(writer, sentence)) == 1, sentence


def test_a_claim_and_its_twin_are_never_said_together() -> None:
    pairs = [(entry, twin) for entry in claims() if "else" not in entry for twin in _twins(entry)]
    assert len(pairs) > 10
    for writer in worlds():
        for entry, twin in pairs:
            claimed, denied = (said(writer, _sentence(one)) for one in (entry, twin))
            assert not (claimed and denied), (claimed, denied)


def _twins(entry: dict[str, Any]) -> list[dict[str, Any]]:
    """Sentences of the same paragraph that speak of the same figures and claim nothing."""
    match = WHOLE.search(entry["when"])
    names = {name for name in match.groups() if name} if match else set()
    opposites = {OPPOSITE[name] for name in re.findall("[a-z_]+", entry["when"]) if name in OPPOSITE}
    return [
        other
        for other in written()
        if other["paragraph"] == entry["paragraph"] and not COMPLETE.search(other["text"])
        for words in [set(re.findall(r"[a-z_.]+", other.get("when", "") + other["text"]))]
        if (names and names <= words) or opposites & words
    ]


def _sentence(entry: dict[str, Any]) -> Sentence:
    return next(
        s
        for s in SENTENCES[entry["paragraph"]]
        if "".join(s.text.parts) == re.sub(r"[{}]", "", entry["text"])
    )
