"""What every page loads: small, of this origin, in the language of old browsers, with colours that can be read."""

import re
from itertools import chain
from pathlib import Path

import pytest

from services.console.view import POLICY, STATIC
from services.console.words import WORDS

FOLDER = Path("services/console")
SCRIPTS = [file for file in STATIC.by_name.values() if file.name.endswith(".js")]
FIRST_LOAD = ("console", "page", "form", "keys")
NEWER_THAN_CHROMIUM_86 = (
    *(
        r":has\(",
        r":is\(",
        r":where\(",
        r"color-mix",
        r"@container",
        r"\baspect-ratio",
        r"(?<![\w-])inset:",
        r"^\s*&",
    ),
    *(
        r"\.showModal\(",
        r"\bpopover\b",
        r"structuredClone",
        r"\.at\(-?\d",
        r"importmap",
        r"^await ",
        r"randomUUID",
    ),
    *(r"\?\?=", r"\|\|=", r"&&=", r"replaceAll\(", r"Object\.hasOwn", r"\.findLast\("),
)
BARE_DATE = re.compile(
    r"\{\{(?:(?!\}\}).)*?(?<!if )(?<!not )(?<!and )(?<!or )\b(?!line\.)\w+\.(?:\w+_)?on\b(?!\s*\|)(?:(?!\}\}).)*\}\}"
)
"""A day that a page shows as it is stored; a line of a file comes with its day written."""
INLINE = re.compile(r"\sstyle=|\son[a-z]+=|<style|javascript:")


def weight(name: str) -> int:
    stem = name.partition(".")[0]
    return next(len(file.compressed) for file in SCRIPTS if file.name.startswith(f"{stem}."))


def with_imports(names: set[str]) -> set[str]:
    """Scripts with those they import."""
    texts = [(FOLDER / "static" / name).read_text("utf-8") for name in names]
    more = names | {found for text in texts for found in re.findall(r'from "\./([a-z_]+\.js)"', text)}
    return more if more == names else with_imports(more)


@pytest.mark.parametrize("path", sorted((FOLDER / "templates").iterdir()), ids=lambda path: path.name)
def test_days_are_written_as_people_write_them(path: Path) -> None:
    assert BARE_DATE.findall(path.read_text("utf-8")) == []


def test_scripts_and_styles_are_small() -> None:
    templates = [path.read_text("utf-8") for path in (FOLDER / "templates").iterdir()]
    for text in templates:
        loaded = {"page.js", *re.findall(r'static\("([a-z_]+\.js)"\)', text)}
        assert sum(weight(name) for name in with_imports(loaded)) <= 15 * 1024
    first = [file for file in STATIC.by_name.values() if file.name.split(".")[0] in FIRST_LOAD]
    assert len(first) == len(FIRST_LOAD)
    assert sum(len(file.compressed) for file in first) <= 16 * 1024


def test_no_file_uses_what_the_oldest_browser_lacks() -> None:
    texts = {path.name: path.read_text("utf-8") for path in (FOLDER / "static").iterdir()}
    used = [
        (name, pattern)
        for name, text in texts.items()
        for pattern in NEWER_THAN_CHROMIUM_86
        if re.search(
            pattern, re.sub(r"/\*.*?\*/|^\s*//.*$", "", text, flags=re.DOTALL | re.MULTILINE), re.MULTILINE
        )
    ]
    assert used == []


def test_no_template_has_inline_style_script_or_another_origin() -> None:
    texts = {path.name: path.read_text("utf-8") for path in (FOLDER / "templates").iterdir()}
    assert [name for name, text in texts.items() if INLINE.search(text)] == []
    assert [
        name for name, text in texts.items() if re.search(r"(?:src|href|action)=\"(?:https?:)?//", text)
    ] == []
    scripts = list(chain.from_iterable(re.findall(r"<script[^>]*>", text) for text in texts.values()))
    assert all('src="' in script or 'type="application/json"' in script for script in scripts)


def test_every_kind_of_code_that_is_shown_has_its_words() -> None:
    texts = [path.read_text("utf-8") for path in (*FOLDER.rglob("*.html"), *FOLDER.rglob("*.py"))]
    kinds = {kind for text in texts for kind in re.findall(r"\b(?:words?|options)\(['\"](\w+)['\"]", text)}
    assert kinds - set(WORDS) == set()


def test_the_policy_allows_nothing_from_elsewhere() -> None:
    assert POLICY.startswith("default-src 'none'; ")
    assert "unsafe" not in POLICY
    assert "http" not in POLICY


def _luminance(colour: str) -> float:
    """WCAG 2.1, relative luminance."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize(
    ("fore", "back", "least"),
    [
        ("--ink", "--page", 4.5),
        ("--soft", "--page", 4.5),
        ("--act", "--paper", 4.5),
        ("--act-deep", "--act-pale", 4.5),
        ("--ok", "--ok-pale", 4.5),
        ("--warn", "--warn-pale", 4.5),
        ("--bad", "--bad-pale", 4.5),
        ("--brand", "--paper", 4.5),
        ("#c26a00", "--paper", 3.0),
        ("#c26a00", "--page", 3.0),
    ],
)
def test_colours_have_contrast(fore: str, back: str, least: float) -> None:
    """The focus is a colour that axe-core does not look at."""
    style = (FOLDER / "static" / "console.css").read_text("utf-8")
    colours = dict(re.findall(r"(--[a-z-]+):(#[0-9a-f]{6}|#fff)", style))
    values = [
        colours.get(name, name).replace("#fff", "#ffffff")
        if len(colours.get(name, name)) == 4
        else colours.get(name, name)
        for name in (fore, back)
    ]
    assert "outline:3px solid #c26a00" in style
    assert contrast(*values) >= least
