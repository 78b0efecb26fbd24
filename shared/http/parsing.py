"""Parsing of JSON bodies and query strings into models: strict types, ISO dates only, located errors."""

import json
import math
import re
import unicodedata
from collections.abc import Iterator, Sequence
from copy import copy
from datetime import date, datetime
from functools import cache, partial
from typing import Any, Final, TypeVar, get_args, get_origin

from multidict import MultiMapping
from pydantic import BaseModel, ConfigDict, Field, ValidationError, create_model, field_validator

from shared.errors import FieldError, Invalid, Malformed
from shared.validation import ERRORS_SHOWN, field_errors, location

M = TypeVar("M", bound=BaseModel)

SAFE_INTEGER: Final = 2**53 - 1
"""RFC 7493 §2.2: JSON parsers disagree on larger integers, and RFC 8785, by which events are hashed, excludes them."""

_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
# Values that are legal JSON but that no event, database or document can hold: integers beyond 53 bits, numbers beyond
# a float, control characters; and characters that turn the direction of a line or show nothing. They are rare, so only
# bodies in which this matches are searched for them.
_SUSPICIOUS: Final = re.compile(
    rb"[0-9]{16}|[eE]\+?[0-9]{3}|NaN|Infinity|\\u00[01]|\\u007[fF]|\\u[fF]{3}[9aAbBeEfF]|\\[bf]|\x7f|\xef\xbf[\xb9-\xbb\xbe\xbf]"
    rb"|\\u20(?:2[a-eA-E]|6[0-9]|0[b-fB-F])|\xe2\x80[\x8b-\x8f\xaa-\xae]|\xe2\x81[\xa0-\xa9]"
    rb"|\\u(?:00[aA][dD]|180[eE]|[fF][eE][fF]{2})|\\u[dD][bB]40|\xf3\xa0|\xc2\xad|\xe1\xa0\x8e|\xef\xbb\xbf"
)
UNPRINTABLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069\ufffe\uffff]")


def read_json(model: type[M], content: bytes, *, part: str = "body") -> M:
    """Parse and validate a JSON body in strict mode: no number for a string, no string for a number.

    Errors: Malformed (not UTF-8, not JSON, or a name twice in one object, RFC 7493 §2.3), Invalid.
    """
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        raise Malformed("内容不是 UTF-8 编码") from None
    if _SUSPICIOUS.search(content):
        _refuse_unstorable(content, part)
    try:
        read = model.model_validate_json(content, strict=True)
    except ValidationError as error:
        if (
            error.errors(include_url=False, include_input=False, include_context=False)[0]["type"]
            == "json_invalid"
        ):
            raise Malformed("内容不是有效的 JSON") from None
        raise Invalid(errors=field_errors(part, error)) from None
    json.loads(content, object_pairs_hook=partial(_refuse_repeated, part))
    return read


def _refuse_repeated(part: str, pairs: Sequence[tuple[str, Any]]) -> None:
    if len({name for name, _ in pairs}) == len(pairs):
        return
    names = [name for name, _ in pairs]
    twice = next(name for name in names if names.count(name) > 1)[:100]
    raise Malformed("同一个字段写了两次", errors=[FieldError(f"{part}.{twice}", "写了两次，不知以哪个为准")])


def _refuse_unstorable(content: bytes, part: str) -> None:
    try:
        document = json.loads(content, parse_int=_bounded)
    except (ValueError, RecursionError):
        raise Malformed("内容不是有效的 JSON") from None
    errors = [FieldError(location(part, path), text) for path, text in _unstorable(document, ())]
    if errors:
        raise Invalid(errors=errors[:ERRORS_SHOWN])


def _bounded(digits: str) -> float | int:
    """The integer, or infinity where it is too large. Python refuses to parse very long integers at all."""
    return int(digits) if len(digits) <= 20 and abs(int(digits)) <= SAFE_INTEGER else math.inf


def _unstorable(value: Any, path: tuple[int | str, ...]) -> Iterator[tuple[tuple[int | str, ...], str]]:
    if isinstance(value, dict):
        for key, item in value.items():
            if UNPRINTABLE.search(key):
                yield path, "字段名含有控制字符"
            else:
                yield from _unstorable(item, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _unstorable(item, (*path, index))
    elif isinstance(value, float) and not math.isfinite(value):
        yield path, "数字过大"
    elif isinstance(value, str) and UNPRINTABLE.search(value):
        yield path, "含有无法保存的控制字符"
    elif isinstance(value, str) and value.strip() and _shows_nothing(value):
        yield path, "只有看不见的字符"


def _shows_nothing(text: str) -> bool:
    return not text.isprintable() and all(one.isspace() or unicodedata.category(one) == "Cf" for one in text)


def read_query(model: type[M], query: MultiMapping[str]) -> M:
    """Parse and validate a query string: one value a name, unless its field is a list. Errors: Invalid."""
    lists, dates = list_fields(model), _fields_of(model, date)
    values: dict[str, Any] = {}
    errors: list[FieldError] = []
    for name in dict.fromkeys(query.keys()):
        texts = query.getall(name)
        if len(set(texts)) > 1 and name not in lists:  # a link that keeps the query, and the same once more
            errors.append(FieldError(f"query.{name}", "只能给一个值"))
        if name in dates and not all(_DATE.match(text) for text in texts):
            errors.append(FieldError(f"query.{name}", "不是有效的日期，应写成 YYYY-MM-DD"))
        if any(UNPRINTABLE.search(text) for text in texts):
            errors.append(FieldError(f"query.{name}", "含有控制字符"))
        values[name] = texts if name in lists else texts[0]
    if errors:
        raise Invalid(errors=errors)
    try:
        return model.model_validate(values)
    except ValidationError as error:
        raise Invalid(errors=field_errors("query", error)) from None


@cache
def list_fields(model: type[BaseModel]) -> frozenset[str]:
    return _fields_of(model, list) | _fields_of(model, tuple) | _fields_of(model, frozenset)


@cache
def _fields_of(model: type[BaseModel], kind: type) -> frozenset[str]:
    return frozenset(
        info.alias or name for name, info in model.model_fields.items() if kind in _kinds(info.annotation)
    )


def _kinds(annotation: Any) -> set[Any]:
    """The classes at the top level of an annotation: {list, NoneType} for `list[str] | None`."""
    origin = get_origin(annotation)
    if origin in (list, tuple, frozenset):
        return {origin}
    if origin is not None:
        return {kind for argument in get_args(annotation) for kind in _kinds(argument)}
    return {date} if annotation is datetime else {annotation}


@cache
def patch_of(model: type[BaseModel]) -> type[BaseModel]:
    """The model of a JSON merge patch (RFC 7396): all fields optional, unknown ones refused, null only where the model
    allows it.

    Validators of single fields are kept; validators across fields need the whole record and belong to the handler.
    `model_fields_set` of an instance holds the fields that were sent.
    """
    fields: dict[str, Any] = {}
    for name, info in model.model_fields.items():
        optional = copy(info)
        optional.default, optional.default_factory = None, None
        optional.validate_default = False
        optional.json_schema_extra = _without_default
        fields[name] = (info.annotation, optional)
    rules: dict[str, Any] = {
        name: field_validator(*rule.info.fields, mode=rule.info.mode, check_fields=False)(
            staticmethod(rule.func)
        )
        for name, rule in model.__pydantic_decorators__.field_validators.items()
    }
    config = ConfigDict(**{**model.model_config, "extra": "forbid", "title": f"{model.__name__}Patch"})
    patch: type[BaseModel] = create_model(
        f"{model.__name__}Patch",
        __config__=config,
        __module__=model.__module__,
        __validators__=rules,
        **fields,
    )
    return patch


def omitted() -> Any:
    """The default of a field in a hand-written PATCH model that may be left out but may not be null."""
    return Field(default=None, json_schema_extra=_without_default)


def _without_default(schema: dict[str, Any]) -> None:
    schema.pop("default", None)
