"""Every query of every repository has an index: no collection is scanned, and nothing is sorted in memory."""

import inspect
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Collection as SizedIterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from types import ModuleType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

import pytest

from services.accounts import repository as accounts_queries
from services.accounts.app import build as accounts
from services.accounts.settings import Settings as AccountsSettings
from services.activities import repository as activities_queries
from services.activities.app import build as activities
from services.activities.settings import Settings as ActivitiesSettings
from services.ratings import repository as ratings_queries
from services.ratings.app import build as ratings
from services.ratings.settings import Settings as RatingsSettings
from services.reports import cited, kept_log, towns
from services.reports import repository as reports_queries
from services.reports.app import build as reports
from services.reports.settings import Settings as ReportsSettings
from services.reports.webhooks import records as webhook_queries
from services.roster import repository as roster_queries
from services.roster.app import build as roster
from services.roster.domain.deputyships import Level
from services.roster.settings import Settings as RosterSettings
from shared.clock import SystemClock
from shared.events import inbox
from shared.process.service import Service
from shared.storage import outbox
from shared.storage.mongo import Database
from shared.storage.work import Collection, Index, Work
from tests.fixtures.apps import TOWN, Drive
from tests.fixtures.query_plans import Keys, explained, lacking, paths

pytestmark = pytest.mark.mongo

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
SAMPLES: Mapping[Any, Any] = {
    str: "340281199",
    Mapping[str, tuple[int, str]]: {"roster": (1, "0" * 64)},
    int: 2020,
    date: date(2020, 12, 31),
    datetime: datetime(2020, 12, 31, tzinfo=UTC),
    bool: True,
    range: range(2020, 2022),
    Level: "town",
    Iterable[str]: ("a", "b"),
    Iterable[int]: (1, 2),
    SizedIterable[str]: ("a", "b"),
    Sequence[str]: ("a", "b"),
    Mapping[str, Any]: {},
}
"""An argument for each type that a query takes, optional or not."""
READ_ELSEWHERE: Mapping[str, SizedIterable[str]] = {
    "activities": {
        *("activities.town_year_kind", "activities.town_group_id", "activities.town_group_ids"),
        "activities.town_held_on",
        *("opinions.town_year_state", "suggestions.town_lead_deputyship_id"),
        "opinion_codes.town_station_id",
    },
    "ratings": {"deputyships.town_person_id"},
    "reports": {"editions.report_id_content", "objections.town_objectors"},
}
"""Indexes for filters of lists and for queries that a handler makes itself."""
WHOLE: Mapping[str, Sequence[dict[str, Any]]] = {
    "contacts": [{"_id": "a"}],
    "files.files": [{"_id": "a", "uploadDate": LONG_AGO}],
}
"""What collections contain that are read as a whole, page by page, so that the queries that follow are made."""


@dataclass(frozen=True)
class Query:
    collection: str
    filter: Mapping[str, Any]
    sort: tuple[tuple[str, int], ...]
    limit: int


@dataclass
class Recording:
    """A Reader that finds almost nothing, and knows what it was asked for."""

    queries: list[Query] = field(default_factory=list)

    async def find(
        self,
        collection: str,
        query: Mapping[str, Any],
        *,
        sort: Sequence[tuple[str, int]] = (),
        limit: int = 0,
        fields: Sequence[str] = (),  # noqa: ARG002 - what is kept is small
    ) -> list[dict[str, Any]]:
        self.queries.append(Query(collection, query, tuple(sort), limit))
        return [] if query else list(WHOLE.get(collection, ()))

    async def arrival(self, condition: Callable[[], Awaitable[bool]], *, within: float) -> bool:  # noqa: ARG002
        return await condition() or True


def functions(module: ModuleType) -> Iterator[Callable[..., Awaitable[Any]]]:
    """The queries of a module: its public coroutines that take a unit of work or a reader first."""
    for name, member in inspect.getmembers(module, inspect.iscoroutinefunction):
        first = next(iter(get_type_hints(member).values()), None)
        if member.__module__ == module.__name__ and not name.startswith("_") and first is not Database:
            yield member


def required(hint: Any) -> Any:
    return next(iter(get_args(hint))) if get_origin(hint) in (Union, UnionType) else hint


async def asked(function: Callable[..., Awaitable[Any]]) -> list[Query]:
    recording = Recording()
    work = Work(TOWN, "clerk", SystemClock(), recording, patience=0.0)
    hints = get_type_hints(function)
    hints.pop("return")
    arguments = {
        name: work if hint is Work else recording if name in ("reader", "store") else SAMPLES[required(hint)]
        for name, hint in hints.items()
    }
    await function(**arguments)
    return recording.queries


SERVICES: Mapping[str, tuple[Callable[[], Service], Sequence[ModuleType]]] = {
    "roster": (lambda: roster(RosterSettings()), (roster_queries, outbox, inbox)),
    "activities": (lambda: activities(ActivitiesSettings()), (activities_queries,)),
    "ratings": (lambda: ratings(RatingsSettings()), (ratings_queries,)),
    "accounts": (lambda: accounts(AccountsSettings()), (accounts_queries,)),
    "reports": (
        lambda: reports(ReportsSettings()),
        (reports_queries, cited, towns, kept_log, webhook_queries),
    ),
}


async def plans(database: Database, queries: Iterable[Query]) -> dict[str, Query]:
    """Queries without an index, by what the server would do: as a MongoDB explains it, elsewhere by the indexes."""
    is_mongodb = "secantusVersion" not in await database.command("buildInfo")
    lacks: dict[str, Query] = {}
    for query in queries:
        if is_mongodb:
            command = {"find": query.collection, "filter": query.filter, "sort": dict(query.sort)}
            answer = await database.command("explain", command, verbosity="queryPlanner")
            lack = explained(answer["queryPlanner"]["winningPlan"])
        else:
            indexes = (await database[query.collection].index_information()).values()
            keys = [Keys(tuple(i["key"]), i.get("partialFilterExpression", {})) for i in indexes]
            lack = lacking(query.filter, query.sort, keys)
        if lack:
            lacks[f"{lack} of {query.collection}"] = query
    return lacks


@pytest.mark.parametrize("name", SERVICES)
async def test_every_query_of_a_repository_has_an_index(drive: Drive, name: str) -> None:
    build, modules = SERVICES[name]
    driver = await drive(build())
    asking = [function for module in modules for function in functions(module)]
    queries = [query for function in asking for query in await asked(function)]
    assert queries
    assert await plans(driver.alive.store.database, queries) == {}


def reads(query: Query, collection: str, index: Index) -> bool:
    """Whether a query names or sorts by what the index has beyond the town, which every collection is indexed by."""
    beyond = next(key.lstrip("-") for key in index.keys if key != "town")
    return query.collection == collection and beyond in paths(query.filter) | {key for key, _ in query.sort}


async def listed(collections: Sequence[Collection[Any]]) -> list[Query]:
    """Pages of the records of a town, and all of them."""
    recording = Recording()
    work = Work(TOWN, "clerk", SystemClock(), recording)
    for collection in collections:
        await work.find(collection)
        await work.page(collection, {}, after=None, limit=101)
        await work.page(collection, {}, after="a", limit=101)
    return recording.queries


@pytest.mark.parametrize("name", SERVICES)
async def test_every_list_has_an_index(drive: Drive, name: str) -> None:
    driver = await drive(SERVICES[name][0]())
    queries = await listed(driver.alive.service.collections)
    assert await plans(driver.alive.store.database, queries) == {}


@pytest.mark.parametrize("name", SERVICES)
async def test_every_index_is_read_by_a_query(name: str) -> None:
    """An index that nothing reads makes every insert dearer: on the embedded database one of two a fifth."""
    build, modules = SERVICES[name]
    collections = build().collections
    asking = [function for module in modules for function in functions(module)]
    queries = [query for function in asking for query in await asked(function)] + await listed(collections)
    unread = {
        f"{collection.name}.{'_'.join(index.keys)}"
        for collection in collections
        for index in collection.indexes
        if not index.unique and not any(reads(query, collection.name, index) for query in queries)
    }
    assert unread == set(READ_ELSEWHERE.get(name, ()))
