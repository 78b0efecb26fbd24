"""The AsyncAPI 3.0 document of the events that services send and receive."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from pydantic import TypeAdapter

from shared.envelope import CONTENT_TYPE
from shared.http.merging import merged_schemas, rename
from shared.http.openapi import REF, Document, Schema
from shared.process.service import Service

EXCHANGE: Final = {"name": "lvzhi.events", "type": "topic", "durable": True}
ATTRIBUTES: Final[dict[str, Schema]] = {
    "specversion": {"const": "1.0"},
    "id": {"type": "string", "description": "UUIDv7"},
    "source": {"type": "string", "format": "uri-reference", "description": "/{town}/{service}: a stream"},
    "subject": {"type": "string", "description": "<noun>/<id>"},
    "time": {"type": "string", "format": "date-time"},
    "datacontenttype": {"const": "application/json"},
    "town": {"type": "string", "pattern": "^[0-9]{9}$"},
    "sequence": {"type": "integer", "minimum": 1, "description": "without gaps in the stream"},
    "previoushash": {"type": "string"},
    "hash": {"type": "string", "description": "SHA-256 of the RFC 8785 form of the event without hash"},
    "actor": {"type": "string"},
    "traceparent": {"type": "string"},
}


def asyncapi(services: Sequence[Service]) -> Document:
    """Schemas have the names that the merged OpenAPI document would give them: unique, without a path of modules."""
    payloads, parts = {}, {}
    for service in services:
        inputs: list[Any] = [(type, "serialization", TypeAdapter(m)) for type, m in service.published.items()]
        refs, definitions = TypeAdapter.json_schemas(inputs, ref_template=REF)
        parts[service.name] = definitions.get("$defs", {})
        payloads[service.name] = {type: schema for (type, _), schema in refs.items()}
    schemas, names = merged_schemas(parts)
    data = {type: rename(s, names[name]) for name, own in payloads.items() for type, s in own.items()}
    return {
        "asyncapi": "3.0.0",
        "info": {"title": "履职：各服务之间的事件", "version": "1.0.0"},
        "defaultContentType": CONTENT_TYPE,
        "channels": {type: _channel(type) for type in data},
        "operations": dict(_operations(services, list(data))),
        "components": {
            "messages": {type: _message(type, schema) for type, schema in data.items()},
            "schemas": schemas,
        },
    }


def _channel(type: str) -> Schema:
    return {
        "address": type,
        "messages": {type: {"$ref": f"#/components/messages/{type}"}},
        "bindings": {"amqp": {"is": "routingKey", "exchange": EXCHANGE, "bindingVersion": "0.3.0"}},
    }


def _message(type: str, data: Schema) -> Schema:
    return {
        "name": type,
        "contentType": CONTENT_TYPE,
        "payload": {
            "type": "object",
            "required": sorted({*ATTRIBUTES, "type", "data"} - {"traceparent"}),
            "properties": ATTRIBUTES | {"type": {"const": type}, "data": data},
        },
    }


def _operations(services: Sequence[Service], types: list[str]) -> Iterator[tuple[str, Schema]]:
    for service in services:
        received_types = [type for type in types if receives(service, type)]
        for action, types_of_action in (("send", list(service.published)), ("receive", received_types)):
            for type in types_of_action:
                yield (
                    f"{service.name}.{action}.{type}",
                    {
                        "action": action,
                        "channel": {"$ref": f"#/channels/{type}"},
                        "messages": [{"$ref": f"#/channels/{type}/messages/{type}"}],
                    },
                )


def receives(service: Service, type: str) -> bool:
    """Whether a service consumes events of this type."""
    sender, _, _ = type.partition(".")
    subscription = service.subscription
    return sender in subscription.streams and (subscription.keep or subscription.entry(type) is not None)
