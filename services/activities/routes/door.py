"""The door itself: the service's operations are declared on `api`; who may write and who may read."""

from shared.http import Api

OFFICE = frozenset({"office"})
READERS = frozenset({"office", "leader", "deputy", "county", "auditor", "service"})

api = Api("activities", title="履职")
