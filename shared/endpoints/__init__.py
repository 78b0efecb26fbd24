"""HTTP endpoints that all services have in common."""

from shared.endpoints.dead_letters import (
    drop_dead_letter,
    get_dead_letter,
    list_dead_letters,
    replay_dead_letter,
)
from shared.endpoints.feed import area_events, town_events
from shared.endpoints.heads import area_heads, town_head
from shared.endpoints.integrity import Checks, integrity_route
from shared.endpoints.rebuild import Rebuild
from shared.endpoints.restored import announce_restore
from shared.endpoints.tallies import area_tallies, town_tallies
from shared.events.rebuild import ReadModel
from shared.http import Api, Route


def add_common_endpoints(
    api: Api, *, checks: Checks, model: ReadModel | None = None, ledger: tuple[Route, ...] = ()
) -> None:
    """Add the common routes. `model`: the service's read model of other services, which can be rebuilt. `ledger`: the
    routes that import and export its workbook."""
    rebuilding = Rebuild(model)
    api.add(*ledger)
    api.add(town_events, area_events, town_tallies, area_tallies)
    api.add(list_dead_letters, get_dead_letter, replay_dead_letter, drop_dead_letter)
    api.add(town_head, area_heads, announce_restore)
    api.add(rebuilding.list_heard, rebuilding.list_heard_events)
    if model is not None:
        api.add(rebuilding.rebuild)
    api.add(integrity_route(checks))
