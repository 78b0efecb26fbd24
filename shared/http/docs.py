"""The documentation page: the OpenAPI document as one HTML page without scripts or external resources."""

import json
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

from shared.http.html import environment

_TEMPLATES: Final = environment(Path(__file__).parent)


def page(document: dict[str, Any]) -> str:
    operations: dict[str, list[dict[str, Any]]] = {}
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            entry = {
                "method": method.upper(),
                "path": path,
                "example": example(method, path, operation),
                **operation,
                "responses": {
                    status: _resolved(answer, document) for status, answer in operation["responses"].items()
                },
            }
            operations.setdefault(operation["tags"][0], []).append(entry)
    return _TEMPLATES.get_template("docs.html").render(
        info=document["info"],
        tags=operations,
        schemas=document["components"]["schemas"],
        kind=kind,
        name=_name,
    )


def example(method: str, path: str, operation: dict[str, Any]) -> str:
    """The example of an operation as text: the request, an empty line, its answer; empty where there is none."""
    known = [p for p in operation.get("parameters", ()) if "example" in p]
    query = urlencode({p["name"]: _written(p["example"]) for p in known if p["in"] == "query"})
    for parameter in known:
        if parameter["in"] == "path":
            path = path.replace(f"{{{parameter['name']}}}", parameter["example"])
    answers = [
        f"{status}\n{_json(content['example'])}"
        for status, answer in operation["responses"].items()
        for content in answer.get("content", {}).values()
        if "example" in content
    ]
    bodies = operation.get("requestBody", {}).get("content", {}).values()
    sent = [_json(content["example"]) for content in bodies if "example" in content]
    if not (known or sent or answers):
        return ""
    return "\n".join(
        [f"{method.upper()} {path}{'?' if query else ''}{query}", *sent[:1], "", *answers[:1]]
    ).rstrip()


def _resolved(answer: dict[str, Any], document: dict[str, Any]) -> dict[str, Any]:
    """The response itself, where it is a component."""
    if "$ref" not in answer:
        return answer
    resolved: dict[str, Any] = document["components"]["responses"][_name(answer["$ref"])]
    return resolved


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1)


def _written(value: Any) -> str:
    return json.dumps(value) if isinstance(value, bool) else str(value)


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
