"""`?fields=` of lists: the fields of each record that a client wants."""

from functools import partial
from typing import Annotated, Any, get_args, get_origin

from pydantic import AfterValidator, BaseModel, Field, create_model

from shared.http.paging import Paging

ALWAYS = "id"


def with_fields(query: type[BaseModel] | None, answer: Any) -> type[BaseModel] | None:
    """The model of a query, with `fields` where the answer is a page of records with an id."""
    record = _record(answer)
    if query is None or record is None or not issubclass(query, Paging) or ALWAYS not in record.model_fields:
        return query
    names = {
        info.serialization_alias or info.alias or name: name for name, info in record.model_fields.items()
    }
    names |= {info.alias or name: name for name, info in record.model_computed_fields.items()}
    one = f"(?:{'|'.join(names)})"
    wanted = Annotated[
        str,
        Field(
            max_length=2000,
            description="每条只要这些字段，用逗号隔开；编号总在，没有写的不出现",
            json_schema_extra={"pattern": f"^(?:{one}(?:,{one})*)?$"},
        ),
        AfterValidator(partial(_names, names)),
    ]
    return create_model(query.__name__, __base__=query, fields=(wanted, ""))


def included(body: BaseModel, query: BaseModel | None) -> dict[str, Any] | None:
    """What of a page is sent, for pydantic; None: all of it."""
    if query is None or not isinstance(query, Paging) or not (wanted := getattr(query, "fields", None)):
        return None
    return {**dict.fromkeys(type(body).model_fields, True), "items": {"__all__": wanted}}


def _record(answer: Any) -> type[BaseModel] | None:
    items = answer.model_fields.get("items") if _is_model(answer) else None
    if items is None or get_origin(items.annotation) is not list:
        return None
    (record,) = get_args(items.annotation)
    return record if _is_model(record) else None


def _is_model(type_: Any) -> bool:
    return isinstance(type_, type) and issubclass(type_, BaseModel)


def _names(names: dict[str, str], text: str) -> set[str]:
    """The fields of the model that a client names. Errors: ValueError."""
    wanted = [word for word in text.split(",") if word]
    if unknown := [word for word in wanted if word not in names]:
        raise ValueError(f"没有这个字段：{unknown[0][:100]}")
    return {names[word] for word in wanted} | ({ALWAYS} if wanted else set())
