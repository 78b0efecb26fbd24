"""A voter's browser: what a page says and the form on it, as far as a ballot needs."""

from html.parser import HTMLParser
from typing import NamedTuple


class Choice(NamedTuple):
    name: str
    value: str


class Page(HTMLParser):
    """The links, hidden fields and choices of one page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.choices: list[Choice] = []
        self.hidden: dict[str, str] = {}
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if tag == "input" and found.get("type") == "radio":
            self.choices.append(Choice(found["name"], found["value"]))
        elif tag == "input" and found.get("type") == "hidden":
            self.hidden[found["name"]] = found["value"]

    def handle_data(self, data: str) -> None:
        self.text += data

    def filled(self, wanted: str) -> dict[str, str]:
        """The form with the choice whose value ends in `wanted` taken in each row."""
        taken = {c.name: c.value for c in self.choices if c.value.endswith(wanted)}
        assert taken, self.choices
        return self.hidden | taken
