"""Examples of operations in their OpenAPI document: recorded exchanges, put where the document has places for them."""

import re
from typing import Any, Final
from urllib.parse import parse_qsl, unquote

from shared.envelope import BATCH_CONTENT_TYPE
from shared.http.parameters import Schema
from shared.http.vocabulary import Exchange

SHOWN: Final = ("application/json", BATCH_CONTENT_TYPE, "application/x-www-form-urlencoded")
_VARIABLE: Final = re.compile(r"\\\{([a-z_]+)\\\}")


def add_example(item: Schema, path: str, exchange: Exchange) -> None:
    """Add the exchange to an operation of the document: parameters, body, answer."""
    if not exchange:
        return
    asked, _, query = str(exchange["path"]).partition("?")
    form = _VARIABLE.sub(r"(?P<\1>[^/:]+)", re.escape(path))
    found = re.fullmatch(form, asked)
    sent = {**(found.groupdict() if found is not None else {}), **dict(parse_qsl(query))}
    for parameter in item.get("parameters", ()):
        if parameter["in"] in ("path", "query") and parameter["name"] in sent:
            parameter["example"] = _typed(unquote(sent[parameter["name"]]), parameter["schema"])
    if "sent" in exchange:
        _add(item.get("requestBody", {}), exchange["sent"])
    if "answer" in exchange:
        _add(item["responses"].get(str(exchange["status"]), {}), exchange["answer"])


def _add(part: Schema, example: Any) -> None:
    for kind, content in part.get("content", {}).items():
        if kind in SHOWN:
            content["example"] = example


def _typed(text: str, schema: Schema) -> Any:
    """The value of a parameter as its schema types it."""
    match schema.get("type"):
        case "integer":
            return int(text)
        case "boolean":
            return text == "true"
    return text
