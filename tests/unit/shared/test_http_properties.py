"""What holds for every input of the HTTP layer's parsers."""

import json
from collections.abc import Callable
from datetime import date
from typing import Any, TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st
from multidict import MultiDict
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_core._pydantic_core import list_all_errors

from shared.errors import Conflict, FieldError, Kind, Malformed, Problem, Stale
from shared.http.bodies import safe_filename
from shared.http.conditions import Condition, tag, unchanged
from shared.http.paging import cursor_after, id_from_cursor
from shared.http.parsing import SAFE_INTEGER, patch_of, read_json, read_query
from shared.validation import MESSAGES, message
from tests.unit.shared.sample import NoteIn, SearchIn

T = TypeVar("T")
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
NOTES = st.fixed_dictionaries(
    {"title": st.text(), "written_on": st.dates().map(date.isoformat) | st.text()},
    optional={"pages": st.integers() | JSON, "words": st.lists(st.text()) | JSON, "secret": JSON, "x": JSON},
)


def outcome(read: Callable[[], T]) -> tuple[T | None, Problem | None]:
    """What came of reading: anything but a result or a Problem fails the test."""
    try:
        return read(), None
    except Problem as problem:
        return None, problem


class Anything(BaseModel):
    model_config = ConfigDict(extra="allow")


UNSTORABLE = "\x7f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufffe\uffff"


UNSEEN = {"\u00ad", "\u180e", "\ufeff", *map(chr, range(0x200B, 0x2010)), *map(chr, range(0x2060, 0x2066))}


def printable(text: str) -> bool:
    return all(ch in "\t\n\r" or (ch >= " " and ch not in UNSTORABLE) for ch in text)


def storable(value: Any) -> bool:
    """Whether events, BSON and XML 1.0 can hold it, and a text shows something."""
    if isinstance(value, dict):
        return all(printable(key) and storable(item) for key, item in value.items())
    if isinstance(value, list):
        return all(storable(item) for item in value)
    if isinstance(value, str):
        shown = not UNSEEN & set(value) or any(ch not in UNSEEN and not ch.isspace() for ch in value)
        return printable(value) and shown
    if isinstance(value, int):
        return abs(value) <= SAFE_INTEGER
    return not isinstance(value, float) or value - value == 0


@given(
    st.binary()
    | JSON.map(lambda value: json.dumps(value).encode())
    | NOTES.map(lambda value: json.dumps(value).encode())
)
def test_any_bytes_are_a_note_or_a_problem(content: bytes) -> None:
    note, problem = outcome(lambda: read_json(NoteIn, content))
    if note is not None:
        assert storable(note.model_dump(mode="json"))
    else:
        assert problem is not None
        assert problem.kind in (Kind.MALFORMED, Kind.INVALID)
        assert all(error.loc == "body" or error.loc.startswith("body.") for error in problem.errors)


@given(st.dictionaries(st.text(), JSON))
def test_what_cannot_be_stored_is_refused_and_nothing_else(content: dict[str, Any]) -> None:
    for text in (json.dumps(content), json.dumps(content, ensure_ascii=False)):
        try:
            encoded = text.encode()
        except UnicodeEncodeError:
            return
        try:
            read = read_json(Anything, encoded).model_extra or {}
        except Problem:
            assert not storable(content) or not text.isascii() or "\\ud" in text
        else:
            assert storable(read)


@pytest.mark.parametrize("text", ["\u200b", "\ufeff \u2060", "\u00ad"])
@pytest.mark.parametrize("ascii_only", [True, False])
def test_a_text_that_shows_nothing_is_refused_by_its_field(text: str, ascii_only: bool) -> None:
    _, problem = outcome(
        lambda: read_json(Anything, json.dumps({"title": text}, ensure_ascii=ascii_only).encode())
    )
    assert problem is not None
    assert [(error.loc, error.message) for error in problem.errors] == [("body.title", "只有看不见的字符")]


@given(st.lists(st.tuples(st.sampled_from(["as_of", "words", "exact", "x"]) | st.text(), st.text())))
def test_any_query_is_a_model_or_a_problem(pairs: list[tuple[str, str]]) -> None:
    _, problem = outcome(lambda: read_query(SearchIn, MultiDict(pairs)))
    if problem is not None:
        assert problem.kind is Kind.INVALID
        assert all(error.loc.startswith("query") for error in problem.errors)


@given(st.from_regex(r"[\x21-\x7e]{1,100}", fullmatch=True))
def test_cursor_gives_back_its_id(id: str) -> None:
    assert id_from_cursor(cursor_after(id)) == id


@given(st.text())
def test_foreign_cursor_is_refused(cursor: str) -> None:
    id, problem = outcome(lambda: id_from_cursor(cursor))
    if problem is not None:
        assert problem.errors[0].loc == "query.cursor"
    else:
        assert id is not None
        assert cursor_after(id) == cursor


@given(st.lists(st.integers(0, 9).map(tag), min_size=1), st.integers(0, 9))
def test_condition_passes_exactly_the_versions_it_names(tags: list[str], version: int) -> None:
    condition = Condition.from_header([", ".join(tags)])
    if tag(version) in tags:
        condition.check(version)
        assert unchanged(tags, tag(version))
    else:
        with pytest.raises(Stale):
            condition.check(version)
        assert not unchanged(tags, tag(version))


@given(st.lists(st.text(), min_size=1))
def test_any_condition_is_read_or_malformed(values: list[str]) -> None:
    unchanged(values, '"1"')
    try:
        condition = Condition.from_header(values)
    except Malformed:
        return
    assert condition.tags


@pytest.mark.parametrize("value", ["*", '"1"', '"0"'])
def test_a_condition_passes_nothing_where_there_is_no_record(value: str) -> None:
    with pytest.raises(Stale):
        Condition.from_header([value]).check(None)


@pytest.mark.parametrize("version", [7, None])
def test_without_condition_everything_passes(version: int | None) -> None:
    Condition.from_header([]).check(version)
    assert not unchanged([], '"1"')


@given(st.text())
def test_file_names_hold_no_path(name: str) -> None:
    kept = safe_filename(name)
    assert not set(kept) & set("/\\\0\r\n")
    assert kept not in (".", "..")
    assert len(kept) <= 200


@given(st.sets(st.sampled_from(sorted(NoteIn.model_fields))))
def test_patch_knows_what_was_sent(names: set[str]) -> None:
    whole = {
        "title": "t",
        "written_on": "2020-01-01",
        "colour": "red",
        "words": [],
        "pages": 1,
        "secret": None,
    }
    content = {name: whole[name] for name in names}
    patch = read_json(patch_of(NoteIn), json.dumps(content).encode())
    assert patch.model_fields_set == names
    assert patch.model_dump(mode="json", exclude_unset=True) == content


class Aliased(BaseModel):
    model_config = ConfigDict(extra="ignore")

    kind: str = Field("x", pattern="^[a-z]+$", description="种类")
    many: list[int] = Field(default_factory=list, max_length=2)


def test_patch_keeps_rules_and_forbids_the_unknown() -> None:
    patch = patch_of(Aliased)
    assert patch is patch_of(Aliased)
    assert patch.model_json_schema()["properties"]["kind"]["description"] == "种类"
    assert patch().model_fields_set == set()
    for bad in ({"kind": "A"}, {"kind": None}, {"many": [1, 2, 3]}, {"more": 1}):
        with pytest.raises(ValidationError):
            patch.model_validate(bad)


def test_messages_are_chinese_whatever_went_wrong() -> None:
    for known in list_all_errors():
        said = message(known["type"], known["example_message_python"], known["example_context"] or {})
        assert not said.isascii(), known["type"]
        assert "{" not in said, known["type"]


def test_templates_name_types_that_exist() -> None:
    assert set(MESSAGES) <= {known["type"] for known in list_all_errors()}


def test_own_rules_speak_for_themselves() -> None:
    assert message("value_error", "Value error, 不行", {"error": ValueError("不行")}) == "不行"


def test_every_problem_has_its_own_slug_and_a_chinese_title() -> None:
    kinds = Problem.__subclasses__()
    ready = [kind for kind in kinds if kind.__module__ == "shared.errors"]
    assert {kind.kind for kind in ready} == set(Kind)
    assert len({kind.slug for kind in ready}) == len(ready)
    assert not any(kind.title.isascii() for kind in ready)


def test_problem_of_an_item_is_located_in_the_batch() -> None:
    inner = Conflict(
        "x", errors=[FieldError("body.a.0", "m"), FieldError("body", "m"), FieldError("header.if-match", "m")]
    )
    assert [error.loc for error in inner.within("items.3").errors[:2]] == ["body.items.3.a.0", "body.items.3"]
    assert [error.loc for error in Conflict("x").within("items.3").errors] == ["body.items.3"]


def test_a_number_of_thousands_of_digits_is_a_tag_of_no_record() -> None:
    assert Condition.from_header(["007"]).tags == (tag(7),)
    assert not unchanged(["1" * 5_000], tag(1))
