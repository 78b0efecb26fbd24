"""How records of one kind are shown: as which model, made for which caller."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, get_type_hints

from pydantic import BaseModel

from shared.http.call import Reply
from shared.security.tokens import Actor
from shared.storage.work import Record

View = type[BaseModel] | Callable[..., BaseModel]


@dataclass(frozen=True)
class Shown:
    """How records of a kind are shown: as which model, and how it is made for a given caller."""

    model: type[BaseModel]
    make: Callable[[Any, Actor], BaseModel]

    @classmethod
    def of(cls, record: type[Record], view: View | None = None) -> Shown:
        if view is None:
            return cls(record, lambda shown, _: shown)
        if isinstance(view, type):
            model: type[BaseModel] = view
            return cls(model, lambda shown, _: model.model_validate(shown.model_dump()))
        declared = get_type_hints(view).get("return")
        if not (isinstance(declared, type) and issubclass(declared, BaseModel)):
            raise TypeError("a view says which model it returns")
        return cls(declared, view)

    def reply(self, record: Record, actor: Actor, *, status: int | None = None) -> Reply[BaseModel]:
        return Reply(self.make(record, actor), status=status, version=record.version)
