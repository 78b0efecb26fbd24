"""Composition of the roster service: routes, subscription, collections, published events, background tasks."""

from pathlib import Path
from typing import Final

from services.roster.consumers import SUBSCRIPTION
from services.roster.events_out import PUBLISHED
from services.roster.integrity import CHECKS
from services.roster.repository import ALL
from services.roster.routes import (
    by_elections,
    composition,
    deputyships,
    due,
    groups,
    office,
    people,
    places,
    popolo,
    public,
    rule_packs,
    tasks,
    terms,
    towns,
    workbook,
)
from services.roster.settings import Settings
from shared.endpoints import add_common_endpoints
from shared.http import Api
from shared.process.service import Service

DESCRIPTIONS: Final = Path(__file__).parents[1] / "descriptions.toml"


def build(settings: Settings) -> Service:
    return Service(
        name="roster",
        api=_api(),
        settings=settings,
        collections=ALL,
        published=PUBLISHED,
        subscription=SUBSCRIPTION,
    )


def _api() -> Api:
    api = Api("roster", title="代表名册", descriptions=DESCRIPTIONS)
    api.add(towns.put_town, towns.get_town, towns.patch_town)
    api.add(rule_packs.get_rule_packs, rule_packs.put_rule_packs)
    api.add(rule_packs.list_pushed_packs, rule_packs.push_rule_pack, rule_packs.withdraw_rule_pack)
    api.add(
        *people.records,
        people.merge,
        people.rename,
        people.differ,
        people.erase,
        people.list_duplicates,
        people.list_all_duplicates,
        people.export_person,
    )
    api.add(*deputyships.records, deputyships.deputies_on, deputyships.register_deputy)
    api.add(deputyships.resign, deputyships.end, deputyships.suspend, deputyships.resume)
    api.add(deputyships.void)
    api.add(*groups.records, *places.stations, *places.constituencies)
    api.add(composition.composition_on, *terms.records, terms.end, *tasks.records, tasks.settle)
    api.add(*by_elections.records, *office.records, due.list_due)
    api.add(popolo.get_popolo)
    api.add(public.public_deputy, public.public_station)
    add_common_endpoints(api, checks=CHECKS, ledger=workbook.ledger)
    return api
