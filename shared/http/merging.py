"""One OpenAPI document of several services, and one set of schemas of several."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from shared.http.openapi import Document
from shared.http.parameters import Schema

SCHEMAS: Final = "#/components/schemas/"
Names = Mapping[str, str]
"""The new name of each schema of one service."""


def merged(documents: Mapping[str, Document], *, title: str, version: str = "1.0.0") -> Document:
    """The sum of the services' documents: every path as it is, operations called `{service}_{name}`.

    Equal schemas appear once; of different ones each is called after its service. Errors: ValueError where two services
    declare one path, or two components would bear one name.
    """
    schemas, names = merged_schemas({name: d["components"]["schemas"] for name, d in documents.items()})
    paths: dict[str, Any] = {}
    tags: dict[str, dict[str, Any]] = {}
    for service, document in documents.items():
        if taken := paths.keys() & document["paths"].keys():
            raise ValueError(f"{service} declares the path of another service: {min(taken)}")
        tags |= {tag["name"]: tag for tag in document["tags"] if tag["name"] not in tags}
        for path, methods in rename(document["paths"], names[service]).items():
            paths[path] = {
                method: {**operation, "operationId": f"{service}_{operation['operationId']}"}
                for method, operation in methods.items()
            }
    first = next(iter(documents.values()))
    return {
        **first,
        "info": {**first["info"], "title": title, "version": version},
        "tags": list(tags.values()),
        "paths": paths,
        "components": {
            **first["components"],
            "schemas": schemas,
            "responses": _together("responses", documents, names),
            "headers": _together("headers", documents, names),
        },
    }


def _together(part: str, documents: Mapping[str, Document], names: Mapping[str, Names]) -> dict[str, Schema]:
    """The components of a kind that all services write alike. Errors: ValueError where two differ under one name."""
    together: dict[str, Schema] = {}
    for service, document in documents.items():
        for name, component in rename(document["components"].get(part, {}), names[service]).items():
            if together.setdefault(name, component) != component:
                raise ValueError(f"two {part} are called {name}")
    return dict(sorted(together.items()))


def merged_schemas(parts: Mapping[str, Mapping[str, Schema]]) -> tuple[dict[str, Schema], dict[str, Names]]:
    """The schemas of all services under unique names, and the new names by service."""
    differing = _differing(parts)
    names: dict[str, Names] = {
        service: {name: _called_after(service, name) if name in differing else name for name in schemas}
        for service, schemas in parts.items()
    }
    together: dict[str, Schema] = {}
    for service, schemas in parts.items():
        for name, schema in schemas.items():
            new, renamed = names[service][name], rename(schema, names[service])
            if new != name and "title" in renamed:
                renamed["title"] = new  # by which some generators name classes
            if together.setdefault(new, renamed) != renamed:
                raise ValueError(f"two schemas would be called {new}")
    return dict(sorted(together.items())), names


def rename(node: Any, names: Names) -> Any:
    """The node with its references to schemas under their new names."""
    if isinstance(node, list):
        return [rename(item, names) for item in node]
    if not isinstance(node, dict):
        return node
    return {
        key: _target(value, names) if key == "$ref" else rename(value, names) for key, value in node.items()
    }


def _target(reference: Any, names: Names) -> Any:
    if not isinstance(reference, str):  # a property of that name
        return rename(reference, names)
    name = reference.removeprefix(SCHEMAS)
    return SCHEMAS + names[name] if name != reference else reference


def _differing(parts: Mapping[str, Mapping[str, Schema]]) -> set[str]:
    """Names that stand for different schemas in different services; a schema is as different as those it refers to."""
    bearers: dict[str, list[Schema]] = {}
    for schemas in parts.values():
        for name, schema in schemas.items():
            bearers.setdefault(name, []).append(schema)
    shared = {name: schemas for name, schemas in bearers.items() if len(schemas) > 1}
    differing = {name for name, schemas in shared.items() if any(one != schemas[0] for one in schemas)}
    while more := {
        name
        for name, schemas in shared.items()
        if name not in differing and not differing.isdisjoint(_references(schemas[0]))
    }:
        differing |= more
    return differing


def _references(node: Any) -> Iterator[str]:
    if isinstance(node, list):
        for item in node:
            yield from _references(item)
    elif isinstance(node, dict):
        for key, value in node.items():
            if key == "$ref" and isinstance(value, str):
                yield value.removeprefix(SCHEMAS)
            else:
                yield from _references(value)


def _called_after(service: str, name: str) -> str:
    return re.sub(r"(?:^|_)(.)", lambda match: match[1].upper(), service) + name
