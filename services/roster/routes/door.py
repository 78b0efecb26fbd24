"""The door itself: the service's operations are declared on `api`; who may write."""

from shared.http import Api

OFFICE = frozenset({"office"})

api = Api("roster")
