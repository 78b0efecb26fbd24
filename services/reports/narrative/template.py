"""Outlines and sentences as data: read from TOML files that staff may change, checked before they are used.

Outline:   form, title, title_report?, [[section]] {id, heading, level, when?, paragraphs[names]}
Sentences: [[name]] {text, when?, else?, each?, series?, lead?} – a paragraph `name` is its sentences in order.
`each = "x in list"` repeats one for every item; `else` is said when `when` does not hold; `series` sentences are
joined, "numbered" ones as 一是…；二是…。, "listed" ones as …、…。, and a `lead` sentence introduces them.
A slot is {name}; {figure.id} binds the numeral to its figure.
"""

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from services.reports.errors import TemplateFaulty
from services.reports.narrative import predicates

BUNDLED = Path(__file__).parent.parent / "templates"
_SLOT = re.compile(r"\{([^{}]*)\}")
_KEYS = frozenset({"text", "when", "else", "each", "series", "lead"})
_EACH = re.compile(r"([a-z_]+) in ([a-z_]+)")


@dataclass(frozen=True)
class Text:
    """Plain text and slots in turn: the odd parts are slot names."""

    parts: tuple[str, ...]

    @property
    def names(self) -> frozenset[str]:
        return frozenset(self.parts[1::2])


@dataclass(frozen=True)
class Sentence:
    text: Text
    when: predicates.Parsed | None = None
    otherwise: Text | None = None
    each: tuple[str, str] | None = None
    series: str = ""
    lead: bool = False

    @property
    def names(self) -> frozenset[str]:
        used = self.text.names | (self.when.names if self.when else frozenset())
        return used | (self.otherwise.names if self.otherwise else frozenset())


@dataclass(frozen=True)
class SectionTemplate:
    id: str
    heading: Text
    level: int
    paragraphs: tuple[str, ...]
    heading_else: Text | None = None
    when: predicates.Parsed | None = None


@dataclass(frozen=True)
class Outline:
    """An ordered list of sections, and the sentences of every paragraph they name.

    `form`: `congress` where the deputies in session are spoken to; `title_report`: of what is sent upward.
    """

    name: str
    title: Text
    title_report: Text
    form: str
    sections: tuple[SectionTemplate, ...]
    sentences: Mapping[str, tuple[Sentence, ...]]


def load(preset: str, folder: Path = BUNDLED, *, known: Callable[[str, str | None], bool]) -> Outline:
    """Read an outline and its sentences. `known(name, list)` says whether a slot exists, in an item of `list` if given.

    Errors: TemplateFaulty naming file, paragraph and slot.
    """
    sentences = {
        name: tuple(_sentence(entry, f"sentences.toml [{name}]", known) for entry in entries)
        for name, entries in _read(folder / "sentences.toml").items()
    }
    file = f"outline_{preset.lower()}.toml"
    outline = _read(folder / file)
    sections = tuple(_section(entry, file, known) for entry in outline["section"])
    for section in sections:
        for name in section.paragraphs:
            if name not in sentences:
                raise TemplateFaulty(f"{file} [{section.id}]：sentences.toml 中没有段落 {name}")
    title = _checked(_text(outline["title"]), f"{file} title", known)
    upward = _checked(_text(outline.get("title_report", outline["title"])), f"{file} title_report", known)
    return Outline(preset, title, upward, outline.get("form", ""), sections, sentences)


def presets(folder: Path = BUNDLED) -> tuple[str, ...]:
    return tuple(sorted(path.stem.removeprefix("outline_").upper() for path in folder.glob("outline_*.toml")))


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError as error:
        raise TemplateFaulty(f"没有模板文件 {path.name}") from error
    except tomllib.TOMLDecodeError as error:
        raise TemplateFaulty(f"{path.name}：{error}") from error


def _section(
    entry: Mapping[str, Any], file: str, known: Callable[[str, str | None], bool]
) -> SectionTemplate:
    place = f"{file} [{entry.get('id', '?')}]"
    otherwise = entry.get("heading_else")
    when = predicates.parse(entry["when"]) if "when" in entry else None
    for name in when.names if when else ():
        _expect(name, place, None, known)
    return SectionTemplate(
        id=entry["id"],
        heading=_checked(_text(entry.get("heading", "")), place, known),
        level=entry.get("level", 1),
        paragraphs=tuple(entry.get("paragraphs", ())),
        heading_else=_checked(_text(otherwise), place, known) if otherwise is not None else None,
        when=when,
    )


def _sentence(entry: Mapping[str, Any], place: str, known: Callable[[str, str | None], bool]) -> Sentence:
    unknown = set(entry) - _KEYS
    if unknown or "text" not in entry:
        raise TemplateFaulty(f"{place}：一句须有 text，可有 when、else、each、series、lead")
    each = _EACH.fullmatch(entry["each"]) if "each" in entry else None
    if entry.get("series", "") not in ("", "numbered", "listed"):
        raise TemplateFaulty(f"{place}：series 应为 numbered 或 listed")
    if "each" in entry and each is None:
        raise TemplateFaulty(f"{place}：each 应写作“项 in 列表”")
    sentence = Sentence(
        text=_text(entry["text"]),
        when=predicates.parse(entry["when"]) if "when" in entry else None,
        otherwise=_text(entry["else"]) if "else" in entry else None,
        each=(each.group(1), each.group(2)) if each else None,
        series=entry.get("series", ""),
        lead=entry.get("lead", False),
    )
    for name in sorted(sentence.names):
        item = sentence.each is not None and name.startswith(f"{sentence.each[0]}.")
        if item and sentence.each:
            _expect(name.partition(".")[2], place, sentence.each[1], known)
        else:
            _expect(name, place, None, known)
    return sentence


def _text(text: str) -> Text:
    return Text(tuple(_SLOT.split(text)))


def _checked(text: Text, place: str, known: Callable[[str, str | None], bool]) -> Text:
    for name in sorted(text.names):
        _expect(name, place, None, known)
    return text


def _expect(name: str, place: str, items: str | None, known: Callable[[str, str | None], bool]) -> None:
    if not known(name, items):
        raise TemplateFaulty(f"{place}：不认识的名称 {{{name}}}")
