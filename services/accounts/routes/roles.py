"""Roles that may use the routes."""

from typing import Final

from shared.errors import Forbidden
from shared.http import EVERYONE
from shared.security.tokens import Actor

MANAGERS: Final = frozenset({"office", "county", "service"})
"""Of services only the machine itself: a token without an area, minted with the key in the data folder. No API client
has one."""
READERS: Final = MANAGERS | {"auditor"}
PEOPLE: Final = EVERYONE - {"service"}


def check_manager(actor: Actor) -> None:
    """Errors: Forbidden for an API client whose only role is that of a service."""
    if not actor.has("office", "county", "auditor") and actor.areas != [""]:
        raise Forbidden("程序的凭证不能管理账号")
