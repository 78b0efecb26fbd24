"""What a client of an earlier contract would miss or be refused in a later one."""

import json
import lzma
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

Node = dict[str, Any]
_TYPES: Final = {str: "string", int: "integer", bool: "boolean", float: "number", type(None): "null"}
_MOST: Final = ("maxLength", "maximum", "exclusiveMaximum", "maxItems")
_LEAST: Final = ("minLength", "minimum", "exclusiveMinimum", "minItems")
FILE: Final = "contract.json.xz"
"""The documents of a release by name, in its folder."""


def read(contract: Path) -> dict[str, Node]:
    """The documents in services/contract: of each service, and of the events."""
    paths = [*sorted((contract / "openapi").glob("*.json")), contract / "asyncapi.json"]
    return {path.relative_to(contract).as_posix(): json.loads(path.read_text("utf-8")) for path in paths}


def keep(contract: Path, folder: Path) -> None:
    """Keep the contract of this version in the folder of its release."""
    folder.joinpath(FILE).write_bytes(lzma.compress(json.dumps(read(contract), ensure_ascii=False).encode()))


def kept(folder: Path) -> dict[str, Node]:
    documents: dict[str, Node] = json.loads(lzma.decompress(folder.joinpath(FILE).read_bytes()))
    return documents


def operations(old: Node, new: Node) -> Iterator[str]:
    """Operations, parameters, fields and values that are gone; what requests must have now and had not to, or may not
    have any more; types that answers had not."""
    for path, methods in old.get("paths", {}).items():
        for method, was in methods.items():
            where, now = f"{method.upper()} {path}", new["paths"].get(path, {}).get(method)
            if now is None:
                yield f"{where} is gone"
                continue
            yield from _parameters(was, now, old, new, where)
            yield from _contents(
                was.get("requestBody", {}), now.get("requestBody", {}), old, new, where, sent=True
            )
            for status, answer in was["responses"].items():
                if status[0] == "2":
                    later = now["responses"].get(status, {})
                    yield from _contents(answer, later, old, new, f"{where} {status}", sent=False)


def messages(old: Node, new: Node) -> Iterator[str]:
    """Event types that are gone, and fields of those that are not."""
    now = new["components"].get("messages", {})
    for type, message in old["components"].get("messages", {}).items():
        if type not in now:
            yield f"{type} is gone"
        else:
            yield from _fields(message["payload"], now[type]["payload"], old, new, type, sent=False)


def added(old: Node, new: Node) -> Iterator[str]:
    """Operations and event types that were not there."""
    for path, methods in new.get("paths", {}).items():
        for method in methods.keys() - old.get("paths", {}).get(path, {}).keys():
            yield f"{method.upper()} {path}"
    yield from new["components"].get("messages", {}).keys() - old["components"].get("messages", {}).keys()


def _parameters(was: Node, now: Node, old: Node, new: Node, where: str) -> Iterator[str]:
    before = {(p["in"], p["name"]): p["required"] for p in was.get("parameters", ())}
    after = {(p["in"], p["name"]): p["required"] for p in now.get("parameters", ())}
    yield from (f"{where} {name} is gone" for _, name in sorted(before.keys() - after.keys()))
    schemas = [{(p["in"], p["name"]): p["schema"] for p in node.get("parameters", ())} for node in (was, now)]
    for key in sorted(schemas[0].keys() & schemas[1].keys()):
        yield from _values(schemas[0][key], schemas[1][key], old, new, f"{where} {key[1]}", sent=True)
    for key, required in after.items():
        if required and not before.get(key, False):
            yield f"{where} {key[1]} must be there now"


def _contents(was: Node, now: Node, old: Node, new: Node, where: str, *, sent: bool) -> Iterator[str]:
    later = now.get("content", {})
    for kind, body in was.get("content", {}).items():
        if kind not in later:
            yield f"{where} {kind} is gone"
        else:
            yield from _fields(
                body.get("schema", {}), later[kind].get("schema", {}), old, new, where, sent=sent
            )


def _fields(
    was: Node, now: Node, old: Node, new: Node, where: str, *, sent: bool, seen: frozenset[str] = frozenset()
) -> Iterator[str]:
    before, after = list(_objects(was, old)), list(_objects(now, new))
    met = frozenset(name for name, _ in before if name)
    if met and met <= seen:
        return
    yield from _values(was, now, old, new, where, sent=sent)
    properties = _properties(after)
    for name, declared in _properties(before).items():
        if name not in properties:
            yield f"{where}.{name} is gone"
        else:
            yield from _fields(
                declared, properties[name], old, new, f"{where}.{name}", sent=sent, seen=seen | met
            )
    if sent and before:
        yield from (
            f"{where}.{name} must be there now" for name in sorted(_required(after) - _required(before))
        )


def _values(was: Node, now: Node, old: Node, new: Node, where: str, *, sent: bool) -> Iterator[str]:
    """Values that a request may not have any more, or that an answer may have and could not before."""
    before, after = list(_plain(was, old)), list(_plain(now, new))
    if not before or not after:
        return
    kinds, later = ({kind for kind, _ in leaves} for leaves in (before, after))
    if "any" not in (later if sent else kinds):
        gone, word = (kinds - later, "takes no") if sent else (later - kinds, "may be")
        yield from (f"{where} {word} {kind} now" for kind in sorted(gone))
    for kind in sorted(kinds & later):
        earlier, present = ([leaf for named, leaf in leaves if named == kind] for leaves in (before, after))
        yield from (
            f"{where} {value!r} is gone"
            for value in sorted(_chosen(earlier) - _chosen(present))
            if _closed(present)
        )
        if sent and not _closed(earlier) and _closed(present):
            yield f"{where} takes only some values now"
        if sent and len(earlier) == len(present) == 1:
            yield from (f"{where} is narrower now: {limit}" for limit in _narrower(earlier[0], present[0]))


def _plain(node: Node, document: Node) -> Iterator[tuple[str, Node]]:
    """The values that a schema may stand for, by type, without those inside of lists and objects."""
    if isinstance(reference := node.get("$ref"), str):
        yield from _plain(document["components"]["schemas"][reference.rsplit("/", 1)[1]], document)
    elif choices := [*node.get("anyOf", ()), *node.get("oneOf", ()), *node.get("allOf", ())]:
        for choice in choices:
            yield from _plain(choice, document)
    else:
        values = node.get("enum", [node["const"]] if "const" in node else [])
        kind = node.get("type") or (_TYPES[type(values[0])] if values else "any")
        yield kind, node


def _closed(leaves: list[Node]) -> bool:
    return all("enum" in leaf or "const" in leaf for leaf in leaves)


def _chosen(leaves: list[Node]) -> set[str]:
    return {
        str(value)
        for leaf in leaves
        for value in leaf.get("enum", [leaf["const"]] if "const" in leaf else [])
    }


def _narrower(was: Node, now: Node) -> Iterator[str]:
    """Patterns are not compared: one that is new may say what was held to before."""
    yield from (limit for limit in _MOST if limit in now and now[limit] < was.get(limit, math.inf))
    yield from (limit for limit in _LEAST if limit in now and now[limit] > was.get(limit, -math.inf))


def _objects(node: Node, document: Node) -> Iterator[tuple[str, Node]]:
    """The objects that a schema may stand for, with the name of each: of references, choices, lists and maps."""
    if isinstance(reference := node.get("$ref"), str):
        name = reference.rsplit("/", 1)[1]
        target = document["components"]["schemas"][name]
        yield from ((found or name, one) for found, one in _objects(target, document))
        return
    if "properties" in node:
        yield "", node
    for choice in (*node.get("anyOf", ()), *node.get("oneOf", ()), *node.get("allOf", ())):
        yield from _objects(choice, document)
    for inner in (node.get("items"), node.get("additionalProperties")):
        if isinstance(inner, dict):
            yield from _objects(inner, document)


def _properties(objects: list[tuple[str, Node]]) -> Node:
    return {name: declared for _, one in objects for name, declared in one["properties"].items()}


def _required(objects: list[tuple[str, Node]]) -> set[str]:
    return set.intersection(*(set(one.get("required", ())) for _, one in objects)) if objects else set()
