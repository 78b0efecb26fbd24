"""Validation errors of pydantic as field errors with Chinese messages."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from pydantic import ValidationError

from shared.errors import FieldError

ERRORS_SHOWN: Final = 100

MESSAGES: Final[Mapping[str, str]] = {
    "missing": "缺少必填项",
    "extra_forbidden": "不认识的字段",
    "none_required": "必须为空",
    "string_type": "应为文字",
    "string_too_short": "至少 {min_length} 个字",
    "string_too_long": "最多 {max_length} 个字",
    "string_pattern_mismatch": "格式不对",
    "string_unicode": "含有无法识别的字符",
    "string_not_ascii": "只能用英文字母、数字和符号",
    "int_type": "应为整数",
    "int_parsing": "应为整数",
    "int_parsing_size": "数字过大",
    "int_from_float": "应为整数",
    "float_type": "应为数字",
    "float_parsing": "应为数字",
    "decimal_type": "应为数字",
    "decimal_parsing": "应为数字",
    "finite_number": "应为有限的数字",
    "bool_type": "应为 true 或 false",
    "bool_parsing": "应为 true 或 false",
    "greater_than": "应大于 {gt}",
    "greater_than_equal": "不能小于 {ge}",
    "less_than": "应小于 {lt}",
    "less_than_equal": "不能大于 {le}",
    "multiple_of": "应为 {multiple_of} 的倍数",
    "date_type": "日期应写成 YYYY-MM-DD",
    "date_parsing": "不是有效的日期，应写成 YYYY-MM-DD",
    "date_from_datetime_parsing": "不是有效的日期，应写成 YYYY-MM-DD",
    "date_from_datetime_inexact": "应为日期，不带时间",
    "date_past": "应为过去的日期",
    "date_future": "应为将来的日期",
    "datetime_type": "时间应写成 YYYY-MM-DDThh:mm:ssZ",
    "datetime_parsing": "不是有效的时间，应写成 YYYY-MM-DDThh:mm:ssZ",
    "datetime_from_date_parsing": "不是有效的时间，应写成 YYYY-MM-DDThh:mm:ssZ",
    "timezone_aware": "时间应带时区",
    "time_type": "时间应写成 hh:mm",
    "time_parsing": "不是有效的时间，应写成 hh:mm",
    "enum": "只能是 {expected} 之一",
    "literal_error": "只能是 {expected} 之一",
    "list_type": "应为列表",
    "tuple_type": "应为列表",
    "set_type": "应为列表",
    "frozen_set_type": "应为列表",
    "too_short": "至少 {min_length} 项",
    "too_long": "最多 {max_length} 项",
    "dict_type": "应为对象",
    "mapping_type": "应为对象",
    "model_type": "应为对象",
    "model_attributes_type": "应为对象",
    "dataclass_type": "应为对象",
    "union_tag_not_found": "缺少用来区分类型的字段 {discriminator}",
    "union_tag_invalid": "{discriminator} 的值不认识",
    "url_type": "应为网址",
    "url_parsing": "不是有效的网址",
    "url_too_long": "网址过长",
    "uuid_type": "编号格式不对",
    "uuid_parsing": "编号格式不对",
    "bytes_type": "应为文字",
    "recursion_loop": "内容循环引用",
}


_ALTERNATIVE: Final = re.compile(r"[a-z-]+\[.*\]", re.DOTALL)


def message(kind: str, original: str, context: Mapping[str, Any]) -> str:
    """The message for an error type of pydantic; a ValueError of a validator keeps its own message."""
    if kind in ("value_error", "assertion_error"):
        return str(context.get("error") or "值不合要求")
    template = MESSAGES.get(kind)
    if template is None:
        return "值不合要求" if original.isascii() else original
    try:
        return template.format_map({name: _formatted(value) for name, value in context.items()})
    except KeyError:
        return "值不合要求"


def _formatted(value: object) -> str:
    return str(value).replace(" or ", "、").replace(", ", "、").replace("'", "")


def location(part: str, path: Sequence[int | str]) -> str:
    """The location of an error in a part of a request: `body.items.0.name`; without the alternatives of a type that
    pydantic names between, as in `list[str]`."""
    return ".".join([part, *(str(step) for step in path if not _ALTERNATIVE.fullmatch(str(step)))])


def field_errors(part: str, error: ValidationError) -> list[FieldError]:
    """The first ERRORS_SHOWN errors with their locations, without the values, which may be personal data."""
    details = error.errors(include_url=False, include_input=False)
    return [
        FieldError(
            location(part, detail["loc"]), message(detail["type"], detail["msg"], detail.get("ctx", {}))
        )
        for detail in details[:ERRORS_SHOWN]
    ]
