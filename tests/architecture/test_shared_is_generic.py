"""`shared` is mechanism: it names no service and knows no word of the business."""

import ast
import re
from collections.abc import Iterator

from services.host.installation import SERVICES
from tests.architecture.sources import Source, docstrings, nodes, sources

BUSINESS = (
    *("deputy", "deputies", "deputyship", "congress", "presidium", "constituency", "suggestion", "opinion"),
    *("closing", "seal", "year sealed", "封账"),
    *("attendance", "ballot", "rating", "voter", "teller", "plan item", "duty report", "figure", "finding"),
    *("代表", "人大", "主席团", "选民", "选区", "建议", "测评", "述职", "总结", "名册"),
)
# What a token may say is one list for all services, and identity is mechanism.
ALLOWED = {("shared/security/tokens.py", "deputy"), ("shared/security/tokens.py", "teller")}

WORDS = re.compile("|".join(rf"(?<![a-z]){word}s?(?![a-z])" if word.isascii() else word for word in BUSINESS))
NAMED = re.compile(rf"(?<![a-z])({'|'.join(SERVICES)})(?![a-z])")


def test_shared_knows_no_word_of_the_business() -> None:
    found = {
        (s.name, match)
        for s in sources("shared")
        for text in _said(s)
        for match in WORDS.findall(_lower(text))
    }
    assert found - ALLOWED == set()


def test_shared_names_no_service() -> None:
    """Explanations may give one as an example; what is executed may not."""
    found = {
        (s.name, match) for s in sources("shared") for text in _strings(s) for match in NAMED.findall(text)
    }
    assert found == set()


def _said(source: Source) -> Iterator[str]:
    yield from _strings(source)
    for node in nodes(source.tree):
        match node:
            case ast.Name(id=name) | ast.Attribute(attr=name) | ast.arg(arg=name):
                yield name
            case ast.ClassDef(name=name) | ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                yield name


def _strings(source: Source) -> Iterator[str]:
    explaining = docstrings(source.tree)
    for node in nodes(source.tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in explaining:
            yield node.value


def _lower(name: str) -> str:
    """Words apart and in small letters: `DutyReport` and `duty_report` read the same."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])|_", " ", name).lower()
