"""Rule packs: what is local in the rules as data, with the days on which it holds and for whom it was made."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Literal, get_args

from services.roster.domain.dated import Value, check_period, unfit
from shared.storage.work import Record

Scope = Literal["national", "province", "county", "town"]
SCOPES: tuple[Scope, ...] = get_args(Scope)
"""From wide to narrow."""


class RulePack(Value):
    """Both days included. `pushed_by`: the code of the area whose county pushed it; None: the town's office."""

    id: str
    effective_from: date
    effective_to: date | None = None
    scope: Scope
    rules: dict[str, Any]
    basis: str | None = None
    pushed_by: str | None = None

    def holds(self, day: date) -> bool:
        return self.effective_from <= day and (self.effective_to is None or day <= self.effective_to)


def in_force(own: Mapping[str, Any], packs: Iterable[RulePack], day: date) -> dict[str, Any]:
    """Rule by rule: a narrower scope wins, of one scope what came into force later.

    `own` are the town's rules without dates: in force at all times, before any dated pack of the town's own.
    """
    order = sorted(
        (pack for pack in packs if pack.holds(day)),
        key=lambda pack: (SCOPES.index(pack.scope), pack.effective_from, pack.pushed_by or "", pack.id),
    )
    found: dict[str, Any] = {}
    for pack in (one for one in order if one.scope != "town"):
        found |= pack.rules
    found |= own
    for pack in (one for one in order if one.scope == "town"):
        found |= pack.rules
    return found


class PushedPack(Record):
    """Kept under the area whose county pushed it (`town`), for towns that are registered later."""

    pack: RulePack


class Pushes(Record):
    """One of the service: its version grows with every push. A registration holds it, so that a town either has what
    was pushed or is there when the push looks for its towns."""


def check_packs(packs: Sequence[RulePack]) -> None:
    """Raises Invalid, ImpossibleDate."""
    for n, pack in enumerate(packs):
        check_period(pack.effective_from, pack.effective_to, loc=f"body.items.{n}.effective_to")
        if pack.id in [one.id for one in packs[:n]]:
            raise unfit(f"items.{n}.id", f"规则包编号重复：{pack.id}")


def replaced(packs: Sequence[RulePack], new: Sequence[RulePack], pushed_by: str | None) -> list[RulePack]:
    """With `new` in place of all that came from the same hand."""
    return [*(pack for pack in packs if pack.pushed_by != pushed_by), *new]


def with_pack(packs: Sequence[RulePack], new: RulePack) -> list[RulePack]:
    """With `new` in place of the pack of the same hand and id."""
    return [*(pack for pack in packs if (pack.pushed_by, pack.id) != (new.pushed_by, new.id)), new]
