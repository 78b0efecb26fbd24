"""The documentation page: the OpenAPI document as one HTML page without scripts or external resources."""

from pathlib import Path
from typing import Any, Final

from shared.http.html import environment

_TEMPLATES: Final = environment(Path(__file__).parent)


def page(document: dict[str, Any]) -> str:
    operations: dict[str, list[dict[str, Any]]] = {}
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            entry = {"method": method.upper(), "path": path, **operation}
            operations.setdefault(operation["tags"][0], []).append(entry)
    return _TEMPLATES.get_template("docs.html").render(
        info=document["info"],
        tags=operations,
        schemas=document["components"]["schemas"],
        kind=kind,
        name=_name,
    )


def _name(reference: str) -> str:
    return reference.rsplit("/", 1)[1]


def kind(schema: dict[str, Any]) -> list[tuple[str, str]]:
    """The type of a schema in Chinese, as parts (text, name of the schema to link to or ""): `列表：` PersonOut."""
    if "$ref" in schema:
        return [(_name(schema["$ref"]), _name(schema["$ref"]))]
    if "anyOf" in schema or "oneOf" in schema:
        choices = schema.get("anyOf") or schema.get("oneOf") or []
        words: list[tuple[str, str]] = []
        for choice in choices:
            words += [(" 或 ", "")] * bool(words) + kind(choice)
        return words
    if "enum" in schema:
        return [("、".join(str(value) for value in schema["enum"]), "")]
    if "const" in schema:
        return [(str(schema["const"]), "")]
    if schema.get("type") == "array":
        return [("列表：", ""), *kind(schema.get("items", {}))]
    if schema.get("type") == "object" and isinstance(schema.get("additionalProperties"), dict):
        return [("键值：", ""), *kind(schema["additionalProperties"])]
    return [(_WORDS.get(schema.get("format") or schema.get("type") or "", "任意值"), "")]


_WORDS: Final = {
    "string": "文字",
    "integer": "整数",
    "number": "数字",
    "boolean": "是否",
    "object": "对象",
    "null": "空",
    "date": "日期 YYYY-MM-DD",
    "date-time": "时间 RFC 3339",
    "uri": "网址",
    "binary": "文件",
}
