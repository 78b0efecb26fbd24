"""The sentences as a table: each is said with what it needs and goes with it, each claim of completeness has its twin,
and each says the same in three ways."""

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
from services.reports.narrative.template import BUNDLED, OWN, Sentence
from tests.fixtures.book import Book

SENTENCES: Mapping[str, tuple[Sentence, ...]] = outline("A").sentences
COMPLETE = re.compile(r"(?<!尚未)(?<!未能)全部|均|每个|每组|每次|每人|都有|都订|没有缺额|符合法定人数")
WHOLE = re.compile(r"([a-z_.]+_rate) == 1\b|([a-z_.]+) == ([a-z_.]+[a-z_])\b|([a-z_.]+\.vacant) == 0")
BY_RECORDS = {"every_quarter", "all_led", "all_planned", "quorate"}
"""Names that say of all records that each of them is so; tried in the tests of the context and of the rules."""

ONLY_IN_THE_TABLE = {
    *("deputies.mandates", "deputies.overlap", "deputies.women"),
    *("congress.half_day", "congress.counted_votes", "congress.against", "congress.abstained"),
    *("activities.other", "activities.several_days", "activities.online_times", "activities.half_day_times"),
    *("training.beside", "supervision.beside", "supervision.laws"),
    *("cases.recorded", "cases.in_report", "by_elections.times", "livelihood.done_rate"),
}
"""Numbers that only serve to check others, and those no summary tells."""
FRAMES = {"address", "deliberate", "closing"}
"""Said of every town: who speaks to whom."""


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
    assert used - set(SENTENCES) == {OWN}


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
    """Its `else`, or a sentence of the same paragraph that is said where it is not and claims nothing. Where records
    and not figures bear the claim, and they do not, nothing is said."""
    if "else" in entry or not WHOLE.search(entry["when"]):
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
    number = dice.choice((0, 0, 0, 1, 2, 3))
    return Figure(**common, value=number, status=FigureStatus.VALUE if number else FigureStatus.ZERO)


def worlds(*sentences: Sentence, n: int = 300) -> Iterator[Writer]:
    """Random figures and names of some sentences; lists have one item."""
    used = frozenset().union(*(sentence.names for sentence in sentences))
    lists = {sentence.each[1]: ITEMS[sentence.each[1]] for sentence in sentences if sentence.each}
    dice = random.Random(20201207)
    for _ in range(n):
        names: dict[str, Any] = {name: dice.choice(["", "某"]) for name in sorted(used - set(BY_ID))}
        names |= {name: [{key: dice.choice(["", "某"]) for key in keys}] for name, keys in lists.items()}
        for whole, lacking in OPPOSITE.items():
            names[lacking] = "" if names.get(whole) else "某"
        yield Writer(names, {id: figure(id, dice) for id in sorted(used & set(BY_ID))}, dice.randrange(3))


def nowhere(figures: Mapping[str, Figure], **names: Any) -> Writer:
    """A town of which nothing is recorded."""
    nothing = {name: [] if name in ITEMS else "" for name in context(Book().year(), Wording())}
    return Writer({**nothing, **names}, figures)


def said(writer: Writer, sentence: Sentence) -> list[str]:
    return ["".join(run.text for run in runs) for runs in writer.say(sentence)]


EACH = [(name, place) for name, sentences in SENTENCES.items() for place in range(len(sentences))]


@pytest.mark.parametrize(("name", "place"), EACH, ids=str)
def test_a_sentence_is_said_with_what_it_needs_and_goes_with_each_of_it(name: str, place: int) -> None:
    sentence = SENTENCES[name][place]
    writer = next((one for one in worlds(sentence, n=20_000) if said(one, sentence)), None)
    assert writer is not None, sentence.texts[0]
    holds = sentence.when is None or not sentence.otherwise or sentence.when.holds(writer.scope)
    for needed in (sentence.texts if holds else sentence.otherwise)[0].needed:
        assert _without(writer, needed, sentence) == [], (sentence.texts[0], needed)


def _without(writer: Writer, name: str, sentence: Sentence) -> list[str]:
    """What the sentence still says where one of its slots has nothing."""
    if name in writer.figures:
        gone = writer.figures[name].model_copy(update={"value": None, "status": FigureStatus.MISSING})
        return said(Writer(writer.names, {**writer.figures, name: gone}, writer.turn), sentence)
    kept = dict(writer.names)
    if sentence.each and name.startswith(f"{sentence.each[0]}."):
        items = [{**item, name.partition(".")[2]: ""} for item in kept[sentence.each[1]]]
        kept[sentence.each[1]] = items
    else:
        kept[name] = ""
    return said(Writer(kept, writer.figures, writer.turn), sentence)


@pytest.mark.parametrize("status", [FigureStatus.MISSING, FigureStatus.ZERO, FigureStatus.NOT_APPLICABLE])
def test_of_a_town_with_no_records_nothing_is_said(status: FigureStatus) -> None:
    value = 0 if status is FigureStatus.ZERO else None
    common = {"label": "", "definition": "", "unit": "", "value": value, "status": status}
    writer = nowhere(
        {id: Figure(id=id, **common) for id in BY_ID}, town="示例镇", county="无为市", this="本年度"
    )
    texts = {name: writer.paragraph(sentences) for name, sentences in SENTENCES.items() if name not in FRAMES}
    assert {name: runs for name, runs in texts.items() if runs} == {}


def test_every_sentence_can_be_said_in_three_ways() -> None:
    for name, sentences in SENTENCES.items():
        for sentence in sentences:
            whole = name not in ("deliberate", "closing") and not sentence.joins and not sentence.series
            assert len(set(sentence.texts)) == (3 if whole else len(sentence.texts)), sentence.texts[0]


def test_no_sentence_and_no_outline_names_the_kind_of_place() -> None:
    for path in BUNDLED.glob("*.toml"):
        lines = [line for line in path.read_text("utf-8").splitlines() if not line.startswith("#")]
        assert [line for line in lines if re.search("[乡镇]", line)] == [], path.name


def test_whatever_the_figures_are_a_claim_is_said_only_on_equality() -> None:
    heard: set[str] = set()
    for entry in claims():
        match, sentence = WHOLE.search(entry.get("when", "")), _sentence(entry)
        for writer in worlds(sentence, n=2000) if match else ():
            if not said(writer, sentence):
                continue
            heard.add(entry["text"])
            assert match is not None
            rate, left, right, zero = match.groups()
            if rate:
                assert writer.figures[rate].numerator == writer.figures[rate].denominator
            elif zero:
                assert writer.figures[zero].value == 0
            else:
                assert writer.figures[left].value == writer.figures[right].value
    assert heard == {entry["text"] for entry in claims() if WHOLE.search(entry.get("when", ""))}


def test_a_claim_and_its_twin_are_never_said_together() -> None:
    pairs = [(entry, twin) for entry in claims() if "else" not in entry for twin in _twins(entry)]
    assert len(pairs) > 10
    for entry, twin in pairs:
        claim, other = _sentence(entry), _sentence(twin)
        for writer in worlds(claim, other):
            assert not (said(writer, claim) and said(writer, other)), (claim.texts[0], other.texts[0])


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
        for s, raw in zip(SENTENCES[entry["paragraph"]], _raw(entry["paragraph"]), strict=True)
        if raw["text"] == entry["text"]
    )


def _raw(paragraph: str) -> list[dict[str, Any]]:
    return [entry for entry in written() if entry["paragraph"] == paragraph]
