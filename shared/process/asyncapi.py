"""The AsyncAPI 3.1 document of the events that services send and receive."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

from pydantic import TypeAdapter

from shared.envelope import CONTENT_TYPE, Event
from shared.http.merging import merged_schemas, rename
from shared.http.openapi import CONTACT, LICENSE, Document
from shared.http.parameters import Schema
from shared.http.schemas import REF
from shared.http.vocabulary import bilingual, describe_fields
from shared.process.service import Service

EXCHANGE: Final = {"name": "lvzhi.events", "type": "topic", "durable": True}
TITLE: Final = "履职：各服务之间的事件"
_INFO: Final = bilingual(
    "CloudEvents 1.0；每件事件的 data 是所说记录写入以后的全部公开内容。",
    "CloudEvents 1.0; the data of an event is the full public state of its subject.",
)
_DONE: Final[dict[str, Callable[[str, str], str]]] = {
    "send": lambda service, type: bilingual(f"{service} 发出 {type}", f"{service} sends {type}"),
    "receive": lambda service, type: bilingual(f"{service} 接收 {type}", f"{service} receives {type}"),
}
TEXT: Final[Schema] = {"type": "string"}
ATTRIBUTES: Final[dict[str, Schema]] = {
    name: {**schema, "description": bilingual(chinese, english)}
    for name, schema, chinese, english in (
        ("specversion", {"const": "1.0"}, "CloudEvents 的版本", "Version of CloudEvents"),
        ("id", TEXT, "事件的编号，UUIDv7", "Id of the event, UUIDv7"),
        (
            "source",
            TEXT | {"format": "uri-reference"},
            "事件流：/乡镇代码/服务",
            "The stream: /{town}/{service}",
        ),
        ("subject", TEXT, "所说的记录：种类/编号", "The record it is about: noun/id"),
        ("time", TEXT | {"format": "date-time"}, "写入的时间", "When it was written"),
        ("datacontenttype", {"const": "application/json"}, "data 的媒体类型", "Media type of data"),
        ("town", TEXT | {"pattern": "^[0-9]{9}$"}, "九位乡镇代码", "Nine-digit code of the town"),
        (
            "sequence",
            {"type": "integer", "minimum": 1},
            "在流中的序号，从 1 起不间断",
            "Sequence in the stream, without gaps",
        ),
        (
            "epoch",
            TEXT,
            "从备份恢复以后才有：恢复的时间/由此开始的序号",
            "Only after a restore from a backup: its time/the first sequence since",
        ),
        (
            "previoushash",
            TEXT,
            "前一件事件的散列值；第一件为 64 个 0",
            "Hash of the event before; 64 zeros for the first",
        ),
        (
            "hash",
            TEXT,
            "去掉 hash 以后按 RFC 8785 书写的事件的 SHA-256",
            "SHA-256 of the RFC 8785 form of the event without hash",
        ),
        ("actor", TEXT, "操作者的编号", "Id of who acted"),
        ("traceparent", TEXT, "调用链（W3C Trace Context）", "Trace (W3C Trace Context)"),
        ("type", TEXT, "事件类型", "Type of the event"),
        ("data", {}, "写入以后这条记录的全部公开内容", "The full public state of its subject"),
    )
}
REQUIRED: Final = sorted(
    name for name, field in Event.model_fields.items() if field.is_required() or field.default is not None
)


def asyncapi(services: Sequence[Service]) -> Document:
    """Schemas have the names that the merged OpenAPI document would give them: unique, without a path of modules."""
    payloads, parts = {}, {}
    described: dict[str, str] = {}
    for service in services:
        words = service.api.vocabulary
        described |= {type: words.event(type) for type in service.published}
        inputs: list[Any] = [(type, "serialization", TypeAdapter(m)) for type, m in service.published.items()]
        refs, definitions = TypeAdapter.json_schemas(inputs, ref_template=REF)
        parts[service.name] = {
            name: _extensible(describe_fields(schema, words))
            for name, schema in definitions.get("$defs", {}).items()
        }
        payloads[service.name] = {type: schema for (type, _), schema in refs.items()}
    schemas, names = merged_schemas(parts)
    data = {type: rename(s, names[name]) for name, own in payloads.items() for type, s in own.items()}
    return {
        "asyncapi": "3.1.0",
        "info": {
            "title": TITLE,
            "version": "1.0.0",
            "description": _INFO,
            "contact": CONTACT,
            "license": LICENSE,
        },
        "defaultContentType": CONTENT_TYPE,
        "channels": {type: _channel(type, described[type]) for type in data},
        "operations": dict(_operations(services, list(data))),
        "components": {
            "messages": {type: _message(type, schema, described[type]) for type, schema in data.items()},
            "schemas": schemas,
        },
    }


def _channel(type: str, description: str) -> Schema:
    return {
        "address": type,
        "description": description,
        "messages": {type: {"$ref": f"#/components/messages/{type}"}},
        "bindings": {"amqp": {"is": "routingKey", "exchange": EXCHANGE, "bindingVersion": "0.3.0"}},
    }


def _message(type: str, data: Schema, description: str) -> Schema:
    return {
        "name": type,
        "description": description,
        "contentType": CONTENT_TYPE,
        "payload": {
            "type": "object",
            "required": REQUIRED,
            "properties": ATTRIBUTES
            | {"type": ATTRIBUTES["type"] | {"const": type}, "data": ATTRIBUTES["data"] | data},
            "additionalProperties": True,
        },
    }


def _extensible(schema: Any) -> Any:
    """The schema with every object open: a later release adds members, and the hash covers them. Said so, because some
    generators drop what is not declared."""
    if isinstance(schema, list):
        return [_extensible(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    opened = {key: _extensible(value) for key, value in schema.items()}
    if schema.get("type") == "object" and "properties" in schema:
        opened["additionalProperties"] = True
    return opened


def _operations(services: Sequence[Service], types: list[str]) -> Iterator[tuple[str, Schema]]:
    for service in services:
        received_types = [type for type in types if receives(service, type)]
        for action, types_of_action in (("send", list(service.published)), ("receive", received_types)):
            for type in types_of_action:
                yield (
                    f"{service.name}.{action}.{type}",
                    {
                        "action": action,
                        "description": _DONE[action](service.name, type),
                        "channel": {"$ref": f"#/channels/{type}"},
                        "messages": [{"$ref": f"#/channels/{type}/messages/{type}"}],
                    },
                )


def receives(service: Service, type: str) -> bool:
    """Whether a service consumes events of this type."""
    sender, _, _ = type.partition(".")
    subscription = service.subscription
    return sender in subscription.streams and (subscription.keep or bool(subscription.entries(type)))
