"""Use cases of groups of deputies."""

from services.roster.domain import groups
from services.roster.domain.dated import check_period
from services.roster.domain.groups import Group
from services.roster.handlers.references import must_exist, registered_town
from services.roster.repository import DEPUTYSHIPS, GROUPS, STATIONS
from services.roster.schemas.groups import GroupIn, GroupPatch
from shared.chinese.initials import initials
from shared.ids import new_id
from shared.storage.work import Work


def words(group: Group) -> tuple[str, ...]:
    """By which a list of groups is searched: the name, its initials, and the number."""
    name = group.name or ""
    return name, initials(name), str(group.number)


async def form_group(work: Work, body: GroupIn) -> Group:
    await registered_town(work)
    await must_exist(work, STATIONS, body.station_id, "body.station_id", "站点")
    await must_exist(work, DEPUTYSHIPS, body.leader_deputyship_id, "body.leader_deputyship_id", "代表资格")
    check_period(body.formed_on, body.dissolved_on, loc="body.dissolved_on")
    group = Group(id=new_id(), town=work.town, **body.model_dump(exclude={"leader_deputyship_id"}))
    group = groups.lead(group, deputyship_id=body.leader_deputyship_id, on=body.formed_on)
    return work.create(GROUPS, group, "formed")


async def change_group(work: Work, before: Group, patch: GroupPatch) -> Group:
    sent = patch.model_fields_set - {"on", "leader_deputyship_id"}
    await must_exist(work, STATIONS, patch.station_id, "body.station_id", "站点")
    await must_exist(work, DEPUTYSHIPS, patch.leader_deputyship_id, "body.leader_deputyship_id", "代表资格")
    after = Group.model_validate(before.model_dump() | {name: getattr(patch, name) for name in sent})
    check_period(after.formed_on, after.dissolved_on, loc="body.dissolved_on")
    if "leader_deputyship_id" in patch.model_fields_set:
        on = work.clock.today() if before.leader_history else before.formed_on
        after = groups.lead(after, deputyship_id=patch.leader_deputyship_id, on=patch.on or on)
    return before if after == before else work.change(GROUPS, after, "changed")
