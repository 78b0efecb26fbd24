"""Queries of the handling of suggestions: a year's on a day, and one."""

from services.activities import repository
from services.activities.domain.handling import Handling, handling, in_turn, next_number
from services.activities.domain.suggestions import Suggestion
from services.activities.schemas import HandlingDay, HandlingOut, HandlingQuery
from shared.http.listing import contains
from shared.storage.work import Work


async def handled(work: Work, query: HandlingQuery) -> HandlingOut:
    on = query.on or work.clock.today()
    year = query.year or on.year
    everything = await repository.suggestions_in(work, year)
    wanted = [suggestion for suggestion in everything if _asked_for(suggestion, query)]
    return HandlingOut(
        on=on,
        year=year,
        next_number=next_number(everything, year),
        units=sorted({unit for suggestion in everything for unit in _units(suggestion)}),
        categories=sorted({suggestion.category for suggestion in everything} - {""}),
        items=in_turn(handling(suggestion, on, year=year) for suggestion in wanted),
    )


def handled_one(work: Work, suggestion: Suggestion, query: HandlingDay) -> Handling:
    on = query.on or work.clock.today()
    return handling(suggestion, on, year=on.year)


def _asked_for(suggestion: Suggestion, query: HandlingQuery) -> bool:
    deputies, units = (suggestion.lead_deputyship_id, *suggestion.co_deputyship_ids), _units(suggestion)
    texts = (str(suggestion.number), suggestion.title, suggestion.category, *units)
    return (
        (query.state is None or suggestion.state is query.state)
        and (query.key is None or suggestion.key is query.key)
        and (not query.unit or query.unit in units)
        and (query.deputyship_id is None or query.deputyship_id in deputies)
        and contains(texts, query.q)
    )


def _units(suggestion: Suggestion) -> list[str]:
    units = (suggestion.unit, *suggestion.co_units, suggestion.forwarded_to)
    return [unit for unit in units if unit]
