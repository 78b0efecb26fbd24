"""The representation of a record in responses: its model, built for a given caller."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, get_type_hints

from pydantic import BaseModel

from shared.http.call import Reply
from shared.storage.work import Record

View = type[BaseModel] | Callable[..., BaseModel]


@dataclass(frozen=True)
class Representation:
    """The response model of a kind of record, and the function that builds it for who sees it."""

    model: type[BaseModel]
    make: Callable[[Any, Any], BaseModel]

    @classmethod
    def from_view(cls, record: type[Record], view: View | None = None) -> Representation:
        if view is None:
            return cls(record, lambda record, _: record)
        if isinstance(view, type):
            model: type[BaseModel] = view
            return cls(model, lambda record, _: model.model_validate(record.model_dump()))
        declared = get_type_hints(view).get("return")
        if not (isinstance(declared, type) and issubclass(declared, BaseModel)):
            raise TypeError("a view must be annotated with the model it returns")
        return cls(declared, view)

    def reply(self, record: Record, viewer: Any, *, status: int | None = None) -> Reply[BaseModel]:
        return Reply(self.make(record, viewer), status=status, version=record.version)
