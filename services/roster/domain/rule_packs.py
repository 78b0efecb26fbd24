"""Rule packs: local rules as data, with the days on which they hold and their scope."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Literal, get_args

from services.roster.domain.dated import Value, check_period, unfit
from services.roster.domain.rules import fitting
from shared.storage.work import Record

Scope = Literal["national", "province", "county", "town"]
SCOPES: tuple[Scope, ...] = get_args(Scope)
"""From wide to narrow."""


class RulePack(Value):
    """Both days are included. `pushed_by`: code of the area whose county pushed it; None: entered by the town."""

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
    """Effective rules: rule by rule a narrower scope wins, within one scope the later pack.

    `own` are the town's rules without dates: always in force, overridden by dated packs of scope town. A value that
    does not fit its rule is passed over, so that a wider or earlier one holds.
    """
    order = sorted(
        (pack for pack in packs if pack.holds(day)),
        key=lambda pack: (SCOPES.index(pack.scope), pack.effective_from, pack.pushed_by or "", pack.id),
    )
    rules: dict[str, Any] = {}
    for pack in (candidate for candidate in order if candidate.scope != "town"):
        rules |= fitting(pack.rules)
    rules |= fitting(own)
    for pack in (candidate for candidate in order if candidate.scope == "town"):
        rules |= fitting(pack.rules)
    return rules


class PushedPack(Record):
    """A pack stored under the area whose county pushed it (field `town`), for towns that are registered later.

    `withdrawn`: why it was taken back; towns no longer have it.
    """

    pack: RulePack
    withdrawn: str = ""


class RuleChange(Value):
    """What a rule is in a town before and after; null: the default."""

    rule: str
    before: Any = None
    after: Any = None


class Pushes(Record):
    """The service's counter of pushes, one document. A registration locks it, so that a concurrent push either is
    seen by the registration or sees the new town."""


def check_packs(packs: Sequence[RulePack]) -> None:
    """Errors: Invalid, ImpossibleDate."""
    for n, pack in enumerate(packs):
        check_period(pack.effective_from, pack.effective_to, loc=f"body.items.{n}.effective_to")
        if pack.id in [earlier.id for earlier in packs[:n]]:
            raise unfit(f"items.{n}.id", f"规则包编号重复：{pack.id}")


def replaced(packs: Sequence[RulePack], new: Sequence[RulePack], pushed_by: str | None) -> list[RulePack]:
    """Replace all packs of the same `pushed_by` by `new`."""
    return [*(pack for pack in packs if pack.pushed_by != pushed_by), *new]


def changed_rules(
    own: Mapping[str, Any], before: Sequence[RulePack], after: Sequence[RulePack], day: date
) -> list[RuleChange]:
    """Effective rules that differ on a day."""
    old, new = in_force(own, before, day), in_force(own, after, day)
    return [
        RuleChange(rule=rule, before=old.get(rule), after=new.get(rule))
        for rule in sorted(old.keys() | new.keys())
        if old.get(rule) != new.get(rule)
    ]


def without_pack(packs: Sequence[RulePack], pushed_by: str | None, id: str) -> list[RulePack]:
    return [pack for pack in packs if (pack.pushed_by, pack.id) != (pushed_by, id)]


def with_pack(packs: Sequence[RulePack], new: RulePack) -> list[RulePack]:
    """Replace the pack with the same `pushed_by` and id by `new`, or add it."""
    return [*(pack for pack in packs if (pack.pushed_by, pack.id) != (new.pushed_by, new.id)), new]
