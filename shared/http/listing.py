"""Lists of a kind of record: their query parameters, and the page they ask for."""

import unicodedata
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import NoneType
from typing import Annotated, Any, Generic, Literal, NamedTuple, TypeVar, get_args, get_origin

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, create_model

from shared.days import Day
from shared.http.paging import (
    Cursor,
    Paging,
    cursor_after,
    cursor_at,
    id_from_cursor,
    position_from_cursor,
)
from shared.http.parsing import SAFE_INTEGER
from shared.storage.work import Collection, Record, Work

R = TypeVar("R", bound=Record)
Words = Callable[[R], Iterable[str | None]]
"""The texts of a record that `q` searches."""
Values = tuple[str | int, ...]
Find = Callable[[Mapping[str, Any], str | None, int], Awaitable[list[R]]]
"""Reads the records that meet criteria, after an id, up to a limit (all for 0)."""


@dataclass(frozen=True)
class Filter:
    """A list parameter that is not simple equality: its type, and the MongoDB filter it stands for."""

    type: Any
    where: Callable[[Any], Mapping[str, Any]]


@dataclass(frozen=True)
class Order(Generic[R]):
    """An order of a list other than by id, requested as `?order={name}`: by the `key` of a record's values, among equal
    ones by id.

    `values_of` makes what gives the values. A cursor carries them and the id, so that it needs no record; `shape` is
    the type of that tuple. `backwards`: the greatest key first.
    """

    name: str
    shape: Any
    values_of: Callable[[Work], Awaitable[Callable[[R], Values]]]
    key: Callable[[Values], Any] = lambda values: values
    backwards: bool = False

    async def page(
        self, work: Work, records: list[R], cursor: str | None, limit: int
    ) -> tuple[list[R], str | None]:
        """Of `records`, which are in order of id, up to `limit` behind a cursor, and the cursor behind those where more
        follow. Errors: Invalid for a cursor of another order."""
        values = await self.values_of(work)
        keyed = sorted(
            ((self.key(values(record)), record) for record in records),
            key=lambda entry: entry[0],
            reverse=self.backwards,
        )
        if cursor is not None:
            last, id = position_from_cursor(cursor, TypeAdapter(self.shape))
            end = self.key(tuple(last))
            keyed = [
                (key, record)
                for key, record in keyed
                if (record.id > id if key == end else (key < end) == self.backwards)
            ]
        shown = [record for _, record in keyed[:limit]]
        return shown, cursor_at(values(shown[-1]), shown[-1].id) if len(keyed) > limit else None


class Page(NamedTuple, Generic[R]):
    """`next_cursor`: where more follow; `total`: how many match, None where nobody asked."""

    records: list[R]
    next_cursor: str | None
    total: int | None


@dataclass(frozen=True)
class Listing(Generic[R]):
    """A list of records, by default those of a town.

    `equals`: fields it can be filtered by. `day`: the field of the business day, for `from`, `to` and the orders by
    day. `words`: the texts of a record that `q` searches; `words_of` makes them where they are in other records.
    Orders, `q` and `total` read all records that match the other parameters, so they are for kinds of which a town
    has hundreds a year.
    """

    collection: Collection[R]
    equals: tuple[str, ...] = ()
    filters: Mapping[str, Filter] = field(default_factory=dict)
    order: Order[R] | None = None
    day: str | None = None
    words: Words[R] | None = None
    words_of: Callable[[Work], Awaitable[Words[R]]] | None = None

    def query(self, name: str) -> type[BaseModel]:
        """The model of the query parameters."""
        fields = self._choosing()
        if orders := list(self._orders()):
            choices: Any = Literal[tuple(order.name for order in orders)]
            fields["order"] = _parameter(choices, "排列次序；默认按登记先后")
            fields["cursor"] = (Cursor, None)
        fields["total"] = (Annotated[bool, Field(description="是否要总数")], False)
        title = "".join(word.capitalize() for word in name.split("_"))
        query: type[BaseModel] = create_model(f"{title}Query", __base__=Paging, **fields)
        return query

    def choice(self, name: str) -> type[BaseModel]:
        """The model of the parameters that choose records, for `matching`."""
        query: type[BaseModel] = create_model(name, __config__=ConfigDict(extra="forbid"), **self._choosing())
        return query

    def _choosing(self) -> dict[str, Any]:
        known = self.collection.model.model_fields
        fields: dict[str, Any] = {
            name: (_filter_type(known[name].annotation), None) for name in self.equals
        } | {name: (filter.type | None, None) for name, filter in self.filters.items()}
        if self.day is not None:
            fields["from_"] = _parameter(Day, "从这一天起", alias="from")
            fields["to"] = _parameter(Day, "到这一天为止")
        if self.words is not None or self.words_of is not None:
            word = Annotated[str, Field(min_length=1, max_length=100)]
            fields["q"] = _parameter(word, "只要含有这些字词的；空格隔开的每一个都要有")
        return fields

    async def matching(self, work: Work, query: Any, find: Find[R] | None = None) -> list[R]:
        """All records that a choice, or a query, asks for."""
        find = find or self.within(work)
        return await self._with_words(
            work, await find(self._criteria(query), None, 0), getattr(query, "q", None)
        )

    async def page(self, work: Work, query: Any, find: Find[R] | None = None) -> Page[R]:
        """`find`: where not all records of the town are to be seen."""
        find = find or self.within(work)
        limit, name = query.limit, getattr(query, "order", None)
        order = next((order for order in self._orders() if order.name == name), None)
        after = id_from_cursor(query.cursor) if order is None else None
        if order is None and getattr(query, "q", None) is None and not query.total:
            return _cut(await find(self._criteria(query), after, limit + 1), limit, None)
        records = await self.matching(work, query, find)
        total = len(records) if query.total else None
        if order is not None:
            return Page(*await order.page(work, records, query.cursor, limit), total)
        return _cut([record for record in records if after is None or record.id > after], limit, total)

    def within(self, work: Work, **where: Any) -> Find[R]:
        """Finds the records of the town that meet `where` too."""

        async def find(criteria: Mapping[str, Any], after: str | None, limit: int) -> list[R]:
            return await work.page(self.collection, {**criteria, **where}, after=after, limit=limit)

        return find

    def _criteria(self, query: Any) -> dict[str, Any]:
        criteria: dict[str, Any] = query.model_dump(mode="json", include=set(self.equals), exclude_none=True)
        for name, filter in self.filters.items():
            if (value := getattr(query, name)) is not None:
                criteria |= filter.where(value)
        if self.day is not None:
            limits = {"$gte": query.from_, "$lte": query.to}
            span = {operator: day.isoformat() for operator, day in limits.items() if day is not None}
            criteria |= {self.day: span} if span else {}
        return criteria

    async def _with_words(self, work: Work, records: list[R], wanted: str | None) -> list[R]:
        if wanted is None:
            return records
        words = self.words if self.words_of is None else await self.words_of(work)
        return [record for record in records if words is None or contains(words(record), wanted)]

    def _orders(self) -> Iterator[Order[R]]:
        if self.order is not None:
            yield self.order
        if self.day is not None:
            yield Order(self.day, tuple[str, str], self._days)
            yield Order(f"-{self.day}", tuple[str, str], self._days, backwards=True)

    async def _days(self, _: Work) -> Callable[[R], Values]:
        def day(record: R) -> Values:
            day = getattr(record, self.day or "")
            return (day.isoformat() if day is not None else "",)

        return day


def _parameter(type: Any, description: str, alias: str | None = None) -> tuple[Any, None]:
    return (Annotated[type | None, Field(description=description, alias=alias)], None)


def _cut(records: list[R], limit: int, total: int | None) -> Page[R]:
    more = len(records) > limit
    return Page(records[:limit], cursor_after(records[limit - 1].id) if more else None, total)


def contains(texts: Iterable[str | None], wanted: str) -> bool:
    """Whether every word of `wanted` is in the texts."""
    text = "\n".join(_folded(text) for text in texts if text)
    return all(word in text for word in _folded(wanted).split())


def _folded(text: str) -> str:
    """Without differences of case and of full and half width."""
    return unicodedata.normalize("NFKC", text).casefold()


def _filter_type(annotation: Any) -> Any:
    """The type of an equality filter: the field's type without null; for a list its element type, as MongoDB compares
    members."""
    types = [kind for kind in get_args(annotation) if kind is not NoneType]
    if get_origin(annotation) in (list, tuple, frozenset):
        return _filter_type(types[0])
    if len(types) == 1 and NoneType in get_args(annotation):
        return _filter_type(types[0])
    if annotation is int:
        return Annotated[int, Field(ge=-SAFE_INTEGER, le=SAFE_INTEGER)] | None
    if annotation is str:
        return Annotated[str, Field(max_length=200)] | None
    return annotation | None
