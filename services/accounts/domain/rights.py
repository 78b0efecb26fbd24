"""Rights: which roles go with which areas, deputyship and meeting, and who may give which."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Final, Literal

from services.accounts.errors import OfficeAndTeller, RightsUnfit
from shared.errors import FieldError

PersonRole = Literal["office", "leader", "deputy", "teller", "county", "auditor"]
ClientRole = Literal["office", "county", "auditor", "service"]
"""Nobody's mandate or count is a program's."""

MANDATE: Final = frozenset({"leader", "deputy"})
"""Roles of whoever has a deputyship."""
OF_A_TOWN: Final = MANDATE | {"teller"}
GIVEN_BY: Final = {
    "office": frozenset({"office", "leader", "deputy", "teller"}),
    "county": frozenset({"office", "leader", "deputy", "teller", "county", "auditor"}),
}
"""Roles that a role may give to people within its area."""
GIVEN_TO_PROGRAMS: Final = {
    "office": frozenset({"office", "service"}),
    "county": frozenset({"office", "county", "auditor", "service"}),
}
"""And to programs."""
SECOND_STEP: Final = frozenset({"county"})
"""Roles for which the second step is required."""
INSTALLATION: Final = "000000000"
"""The stream of what belongs to no area."""
LEVELS: Final = (9, 6, 4, 2)
"""Lengths of division codes: town, county, city, province."""


def home(areas: Sequence[str]) -> str:
    """The division in whose stream an account is recorded: the smallest that contains all its areas, in nine digits."""
    shared = areas[0]
    for area in areas[1:]:
        while not area.startswith(shared):
            shared = shared[:-1]
    length = next((level for level in LEVELS if level <= len(shared)), 0)
    return shared[:length].ljust(9, "0")


def check(
    roles: Collection[str], areas: Sequence[str], deputyship_id: str | None, meeting_id: str | None
) -> None:
    """Errors: OfficeAndTeller; RightsUnfit, which names every field that does not fit."""
    if {"office", "teller"} <= set(roles):
        raise OfficeAndTeller(
            "计票须由人大办以外的人担任",
            errors=[FieldError("body.roles", "office 与 teller 不能由同一人担任")],
        )
    if errors := list(_faults(frozenset(roles), areas, deputyship_id, meeting_id)):
        raise RightsUnfit("；".join(error.message for error in errors), errors=errors)


def _faults(
    roles: frozenset[str], areas: Sequence[str], deputyship_id: str | None, meeting_id: str | None
) -> Iterator[FieldError]:
    if any(area != other and area.startswith(other) for area in areas for other in areas):
        yield FieldError("body.areas", "其中一个区划已包含另一个")
    if roles & OF_A_TOWN and [len(area) for area in areas] != [9]:
        yield FieldError("body.areas", "代表、组长和计票员只属于一个镇，区划代码为 9 位")
    if roles & MANDATE and deputyship_id is None:
        yield FieldError("body.deputyship_id", "代表和组长须写明代表资格的编号")
    if not roles & MANDATE and deputyship_id is not None:
        yield FieldError("body.deputyship_id", "只有代表和组长才写代表资格")
    if "teller" in roles and meeting_id is None:
        yield FieldError("body.meeting_id", "计票员须写明测评会议的编号")
    if "teller" not in roles and meeting_id is not None:
        yield FieldError("body.meeting_id", "只有计票员才写测评会议")


def may_give(
    own: Collection[str],
    own_areas: Sequence[str],
    roles: Collection[str],
    areas: Sequence[str],
    *,
    table: Mapping[str, frozenset[str]] = GIVEN_BY,
) -> bool:
    """Whether the holder of `own` roles in `own_areas` may give these roles in these areas, or manage who has them."""
    if list(own_areas) == [""]:  # the machine itself
        return True
    given: frozenset[str] = frozenset().union(*(table.get(role, frozenset()) for role in own))
    return given.issuperset(roles) and all(area.startswith(tuple(own_areas)) for area in areas)


def needs_second_step(roles: Collection[str]) -> bool:
    return not SECOND_STEP.isdisjoint(roles)
