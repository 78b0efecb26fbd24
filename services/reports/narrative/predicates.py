"""Expressions of `when`: names, numbers, sums, products, comparisons, and, or, not, brackets (ADR 0029).

A comparison with a name without a value (a missing figure), or of a text with a number, is false.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from operator import add, eq, ge, gt, le, lt, mul, ne
from typing import Any

from services.reports.errors import TemplateFaulty

Scope = Mapping[str, Any]
Predicate = Callable[[Scope], bool]
Term = Callable[[Scope], Any]

_TOKEN = re.compile(r"\s*(>=|<=|==|!=|<|>|\(|\)|\+|\*|\d+(?:\.\d+)?|[a-z_][a-z_0-9]*(?:\.[a-z_0-9]+)*)")
_COMPARE: Mapping[str, Callable[[Any, Any], bool]] = {
    ">=": ge,
    "<=": le,
    "==": eq,
    "!=": ne,
    "<": lt,
    ">": gt,
}


@dataclass(frozen=True)
class Parsed:
    """A predicate with the names it uses."""

    holds: Predicate
    names: frozenset[str]


def parse(text: str) -> Parsed:
    """Parse an expression. Errors: TemplateFaulty."""
    tokens = list(_tokens(text))
    parser = _Parser(tokens, text)
    holds = parser.either()
    parser.end()
    return Parsed(holds, frozenset(parser.names))


def _tokens(text: str) -> Iterator[str]:
    place = 0
    while text[place:].strip():
        match = _TOKEN.match(text, place)
        if match is None:
            raise TemplateFaulty(f"条件写法有误：{text}")
        yield match.group(1)
        place = match.end()


class _Parser:
    def __init__(self, tokens: list[str], text: str) -> None:
        self.tokens = tokens
        self.text = text
        self.names: set[str] = set()

    def either(self) -> Predicate:
        parts = [self.both()]
        while self._take("or"):
            parts.append(self.both())
        return lambda scope: any(part(scope) for part in parts)

    def both(self) -> Predicate:
        parts = [self.negation()]
        while self._take("and"):
            parts.append(self.negation())
        return lambda scope: all(part(scope) for part in parts)

    def negation(self) -> Predicate:
        if self._take("not"):
            inner = self.negation()
            return lambda scope: not inner(scope)
        if self._take("("):
            inner = self.either()
            if not self._take(")"):
                self._fault()
            return inner
        return self.comparison()

    def comparison(self) -> Predicate:
        left = self.sum()
        if not self.tokens or self.tokens[0] not in _COMPARE:
            return lambda scope: bool(left(scope))
        compare = _COMPARE[self.tokens.pop(0)]
        right = self.sum()

        def holds(scope: Scope) -> bool:
            a, b = left(scope), right(scope)
            try:
                return a is not None and b is not None and compare(a, b)
            except TypeError:  # text compared with a number
                return False

        return holds

    def sum(self) -> Term:
        left = self.product()
        while self._take("+"):
            left = _counted(add, left, self.product())
        return left

    def product(self) -> Term:
        left = self.term()
        while self._take("*"):
            left = _counted(mul, left, self.term())
        return left

    def term(self) -> Term:
        token = self.tokens.pop(0) if self.tokens else self._fault()
        if token[0].isdigit():
            number = float(token)
            return lambda _: number
        if token in ("and", "or", "not", "(", ")", "+", "*") or token in _COMPARE:
            self._fault()
        self.names.add(token)
        return lambda scope: scope.get(token)

    def end(self) -> None:
        if self.tokens:
            self._fault()

    def _take(self, token: str) -> bool:
        if self.tokens and self.tokens[0] == token:
            self.tokens.pop(0)
            return True
        return False

    def _fault(self) -> str:
        raise TemplateFaulty(f"条件写法有误：{self.text}")


def _counted(join: Callable[[Any, Any], Any], left: Term, right: Term) -> Term:
    """A sum or product; without a value where one part has none or is no number."""

    def value(scope: Scope) -> Any:
        a, b = left(scope), right(scope)
        numbers = all(isinstance(n, int | float) for n in (a, b))
        return join(a, b) if numbers else None

    return value
