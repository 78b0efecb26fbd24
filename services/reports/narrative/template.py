"""Outlines and sentences, read from TOML files that staff may change, and validated.

Outline:   form, title, title_report?, [[section]] {id, heading, level, when?, paragraphs[names], prompts?[texts]}
Sentences: [[name]] {text, variants?, when?, else?, else_variants?, each?, series?, joins?, lead?} – a paragraph
`name` is its sentences in order. `each = "x in list"` repeats one for every item; `else` is used when `when` does not
hold; `variants` say the same in other words, one of them in each period. `series` sentences are joined, "numbered" ones
as 一是…；二是…。, "listed" as …、…。, "clauses" as …，…。; one that `joins` is a clause of the one before it; a `lead`
sentence introduces them, and without it or without them nothing of the series is written.
A slot is {name}; {figure.id} binds the numeral to its figure. What stands in [ ] is left out where a slot has nothing.
`own` among the paragraphs of a section is the place of the office's own, by default behind them; `prompts` are what the
list of checks asks for where it has written none.
"""

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from services.reports.errors import TemplateFaulty
from services.reports.narrative import predicates
from services.reports.narrative.text import Text
from services.reports.narrative.text import parse as _slots
from shared.errors import why_refused

BUNDLED = Path(__file__).parent.parent / "templates"
OWN = "own"
_KEYS: Mapping[str, type] = {
    "text": str, "variants": list, "when": str, "else": str, "else_variants": list, "each": str, "series": str,
    "joins": bool, "lead": bool,
}  # fmt: skip
_SECTION: Mapping[str, type] = {
    "id": str, "heading": str, "heading_else": str, "level": int, "paragraphs": list, "when": str, "prompts": list,
}  # fmt: skip
_OUTLINE: Mapping[str, type] = {"title": str, "title_report": str, "form": str, "section": list}
_TYPES: Mapping[type, str] = {str: "文字", int: "整数", bool: "true 或 false", list: "列表", dict: "一节"}
_SERIES = ("", "numbered", "listed", "clauses")
Known = Callable[[str, str | None], bool]
_EACH = re.compile(r"([a-z_]+) in ([a-z_]+)")


@dataclass(frozen=True)
class Sentence:
    """`texts`, `otherwise`: the same in different words, all with the same slots."""

    texts: tuple[Text, ...]
    when: predicates.Parsed | None = None
    otherwise: tuple[Text, ...] = ()
    each: tuple[str, str] | None = None
    series: str = ""
    joins: bool = False
    lead: bool = False

    @property
    def names(self) -> frozenset[str]:
        used = self.when.names if self.when else frozenset()
        return used.union(*(text.names for text in (*self.texts, *self.otherwise)))


@dataclass(frozen=True)
class SectionTemplate:
    id: str
    heading: Text
    level: int
    paragraphs: tuple[str, ...]
    heading_else: Text | None = None
    when: predicates.Parsed | None = None
    prompts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Outline:
    """Ordered sections, with the sentences of their paragraphs.

    `form`: `congress` for a report to the congress in session; `title_report`: title of a report sent upward.
    """

    name: str
    title: Text
    title_report: Text
    form: str
    sections: tuple[SectionTemplate, ...]
    sentences: Mapping[str, tuple[Sentence, ...]]


def load(preset: str, folder: Path = BUNDLED, *, known: Known) -> Outline:
    """Read an outline and its sentences. `known(name, list)` says whether a slot exists, in an item of `list` if given.

    Errors: TemplateFaulty naming file, paragraph and slot.
    """
    sentences = {
        name: tuple(_sentence(entry, f"sentences.toml [{name}]", known) for entry in _entries(name, entries))
        for name, entries in _read(folder / "sentences.toml").items()
    }
    file = f"outline_{preset.lower()}.toml"
    outline = _shaped(_read(folder / file), _OUTLINE, ("title", "section"), file)
    sections = tuple(_section(entry, file, known) for entry in outline["section"])
    _named_once([section.id for section in sections], f"{file}：部分")
    named = [name for section in sections for name in section.paragraphs if name != OWN]
    _named_once(named, f"{file}：段落")
    for section in sections:
        for name in section.paragraphs:
            if name not in sentences and name != OWN:
                raise TemplateFaulty(f"{file} [{section.id}]：sentences.toml 中没有段落 {name}")
    title = _text(outline["title"], f"{file} title", known)
    upward = _text(outline.get("title_report", outline["title"]), f"{file} title_report", known)
    return Outline(preset, title, upward, outline.get("form", ""), sections, sentences)


def presets(folder: Path = BUNDLED) -> tuple[str, ...]:
    return tuple(sorted(path.stem.removeprefix("outline_").upper() for path in folder.glob("outline_*.toml")))


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError as error:
        raise TemplateFaulty(f"没有模板文件 {path.name}") from error
    except UnicodeDecodeError as error:
        raise TemplateFaulty(f"{path.name} 不是 UTF-8 编码：请另存为 UTF-8") from error
    except OSError as error:
        raise TemplateFaulty(f"模板文件 {path.name} 读不出来：{why_refused(error)}") from error
    except tomllib.TOMLDecodeError as error:
        where = _TOML_PLACE.search(str(error))
        place = f"第{where[1]}行第{where[2]}列附近" if where else "文件末尾"
        raise TemplateFaulty(f"{path.name} 的写法不合 TOML：{place}（{error}）") from error


_TOML_PLACE = re.compile(r"line (\d+), column (\d+)")


def _shaped(entry: Any, keys: Mapping[str, type], required: tuple[str, ...], place: str) -> Mapping[str, Any]:
    """The entry with only these keys, each of its type. Errors: TemplateFaulty."""
    if not isinstance(entry, dict):
        raise TemplateFaulty(f"{place}：应为{_TYPES[dict]}")
    for key, value in entry.items():
        if key not in keys:
            raise TemplateFaulty(f"{place}：不认识的项 {key}，可有 {'、'.join(keys)}")
        if type(value) is not keys[key]:
            raise TemplateFaulty(f"{place}：{key} 应为{_TYPES[keys[key]]}")
    for key in required:
        if key not in entry:
            raise TemplateFaulty(f"{place}：缺少 {key}")
    return entry


def _entries(name: str, entries: Any) -> list[Any]:
    if not isinstance(entries, list):
        raise TemplateFaulty(f"sentences.toml [{name}]：一段由若干句组成，写作 [[{name}]]")
    return entries


def _named_once(names: list[str], what: str) -> None:
    for name in names:
        if names.count(name) > 1:
            raise TemplateFaulty(f"{what} {name} 出现了两次")


def _section(entry: Any, file: str, known: Known) -> SectionTemplate:
    place = f"{file} [{entry.get('id', '?') if isinstance(entry, dict) else entry}]"
    entry = _shaped(entry, _SECTION, ("id",), place)
    paragraphs = _texts(entry, "paragraphs", "段落名称", place)
    otherwise = entry.get("heading_else")
    when = _when(entry, place)
    for name in sorted(when.names) if when else ():
        _expect(name, place, None, known)
    return SectionTemplate(
        id=entry["id"],
        heading=_text(entry.get("heading", ""), place, known),
        level=entry.get("level", 1),
        paragraphs=paragraphs,
        heading_else=_text(otherwise, place, known) if otherwise is not None else None,
        when=when,
        prompts=_texts(entry, "prompts", "文字", place),
    )


def _texts(entry: Mapping[str, Any], key: str, what: str, place: str) -> tuple[str, ...]:
    texts = entry.get(key, [])
    if not all(isinstance(text, str) for text in texts):
        raise TemplateFaulty(f"{place}：{key} 应为{what}的列表")
    return tuple(texts)


def _when(entry: Mapping[str, Any], place: str) -> predicates.Parsed | None:
    try:
        return predicates.parse(entry["when"]) if "when" in entry else None
    except TemplateFaulty as error:
        raise TemplateFaulty(f"{place}：{error.detail}") from error


def _sentence(entry: Any, place: str, known: Known) -> Sentence:
    entry = _shaped(entry, _KEYS, ("text",), place)
    each = _EACH.fullmatch(entry["each"]) if "each" in entry else None
    if entry.get("series", "") not in _SERIES:
        raise TemplateFaulty(f"{place}：series 应为 {'、'.join(_SERIES[1:])} 之一")
    if "each" in entry and each is None:
        raise TemplateFaulty(f"{place}：each 应写作“项 in 列表”")
    if each and not known("", each.group(2)):
        raise TemplateFaulty(f"{place}：不认识的列表 {each.group(2)}")
    sentence = Sentence(
        texts=_variants(entry, "text", "variants", place),
        when=_when(entry, place),
        otherwise=_variants(entry, "else", "else_variants", place),
        each=(each.group(1), each.group(2)) if each else None,
        series=entry.get("series", ""),
        joins=entry.get("joins", False),
        lead=entry.get("lead", False),
    )
    for name in sorted(sentence.names):
        item = sentence.each is not None and name.startswith(f"{sentence.each[0]}.")
        if item and sentence.each:
            _expect(name.partition(".")[2], place, sentence.each[1], known)
        else:
            _expect(name, place, None, known)
    return sentence


def _variants(entry: Mapping[str, Any], key: str, more: str, place: str) -> tuple[Text, ...]:
    """A text and those that say the same: with the same slots. Errors: TemplateFaulty."""
    if key not in entry:
        return ()
    texts = tuple(_slots(text, place) for text in (entry[key], *_texts(entry, more, "文字", place)))
    for text in texts[1:]:
        if (text.names, text.needed) != (texts[0].names, texts[0].needed):
            raise TemplateFaulty(f"{place}：{more} 各句的指标和名称应与 {key} 相同")
    return texts


def _text(text: str, place: str, known: Known) -> Text:
    parsed = _slots(text, place)
    for name in sorted(parsed.names):
        _expect(name, place, None, known)
    return parsed


def _expect(name: str, place: str, items: str | None, known: Known) -> None:
    if not known(name, items):
        raise TemplateFaulty(f"{place}：不认识的名称 {{{name}}}")
