"""The roster as Popolo has it. A deputyship is a membership of a congress, and so are its times in groups and posts."""

from collections.abc import Iterator, Sequence
from typing import Final

from services.roster import repository
from services.roster.domain.deputyships import LEVEL_LABELS, Deputyship, Role
from services.roster.domain.groups import Group
from services.roster.domain.people import Person
from services.roster.domain.towns import Town
from services.roster.handlers.references import registered_town
from services.roster.schemas.popolo import (
    Popolo,
    PopoloArea,
    PopoloIdentifier,
    PopoloMembership,
    PopoloName,
    PopoloOrganization,
    PopoloPerson,
    PopoloPost,
)
from shared.storage.work import Work

_GENDERS: Final = {"f": "female", "m": "male"}
_POSTS: Final[dict[Role, str]] = {"chair": "主席", "vice_chair": "副主席", "presidium": "主席团成员"}
_CODES: Final = "GB/T 10114"
_CONGRESS: Final = "人民代表大会"


async def popolo(work: Work) -> Popolo:
    """Everybody and everything of the roster but what was merged or entered by mistake. Errors: NoTown."""
    town = await registered_town(work)
    groups = await repository.all_groups(work)
    people = [person for person in await repository.all_people(work) if person.merged_into is None]
    every = await repository.all_deputyships(work)
    mandates = [mandate for mandate in every if mandate.status != "voided"]
    return Popolo(
        persons=list(map(_person, people)),
        organizations=list(_organizations(town, groups, mandates)),
        posts=[
            PopoloPost(id=_post(town.id, role), label=label, organization_id=_presidium(town.id))
            for role, label in _POSTS.items()
        ],
        memberships=[
            *(membership for mandate in mandates for membership in _memberships(town.id, mandate)),
            *_leaders(groups, mandates),
        ],
    )


def _person(person: Person) -> PopoloPerson:
    return PopoloPerson(
        id=person.id,
        name=person.name,
        other_names=[PopoloName(name=former.name, end_date=former.until) for former in person.former_names],
        gender=_GENDERS.get(person.gender or ""),
        birth_date=str(person.born_year) if person.born_year else None,
    )


def _organizations(
    town: Town, groups: Sequence[Group], mandates: Sequence[Deputyship]
) -> Iterator[PopoloOrganization]:
    names = {"town": town.name, "county": town.county_name, "city": town.city_name, "province": None}
    kept = {mandate.level for mandate in mandates} | {"town"}
    for level, label in LEVEL_LABELS.items():
        if level in kept:
            yield PopoloOrganization(
                id=_congress(town.id, level),
                name=(names[level] or label) + _CONGRESS,
                classification="legislature",
                identifiers=[PopoloIdentifier(scheme=_CODES, identifier=town.id)] if level == "town" else [],
            )
    yield PopoloOrganization(
        id=_presidium(town.id),
        name=f"{town.name}{_CONGRESS}主席团",
        classification="presidium",
        parent_id=_congress(town.id, "town"),
    )
    for group in groups:
        yield PopoloOrganization(
            id=group.id,
            name=group.name or f"第{group.number}代表小组",
            classification="group",
            parent_id=_congress(town.id, "town"),
            founding_date=group.formed_on,
            dissolution_date=group.dissolved_on,
        )


def _memberships(town: str, mandate: Deputyship) -> Iterator[PopoloMembership]:
    person = mandate.person_id
    label, number = f"{LEVEL_LABELS[mandate.level]}代表", mandate.congress_number
    yield PopoloMembership(
        id=mandate.id,
        person_id=person,
        organization_id=_congress(town, mandate.level),
        label=f"第{number}届{label}" if number else label,
        role="代表",
        area=PopoloArea(name=mandate.constituency) if mandate.constituency else None,
        start_date=mandate.started_on,
        end_date=mandate.ended_on,
    )
    for place, time in enumerate(mandate.group_history, 1):
        yield PopoloMembership(
            id=f"{mandate.id}:group:{place}",
            person_id=person,
            organization_id=time.group_id,
            role="组员",
            start_date=time.from_on,
            end_date=time.to_on,
        )
    for place, term in enumerate(mandate.role_history, 1):
        if term.role in _POSTS:
            yield PopoloMembership(
                id=f"{mandate.id}:post:{place}",
                person_id=person,
                organization_id=_presidium(town),
                role=_POSTS[term.role],
                post_id=_post(town, term.role),
                start_date=term.from_on,
                end_date=term.to_on,
            )


def _leaders(groups: Sequence[Group], mandates: Sequence[Deputyship]) -> Iterator[PopoloMembership]:
    people = {mandate.id: mandate.person_id for mandate in mandates}
    for group in groups:
        for place, led in enumerate(group.leader_history, 1):
            if led.deputyship_id in people:
                yield PopoloMembership(
                    id=f"{group.id}:leader:{place}",
                    person_id=people[led.deputyship_id],
                    organization_id=group.id,
                    role="组长",
                    start_date=led.from_on,
                    end_date=led.to_on,
                )


def _congress(town: str, level: str) -> str:
    return town if level == "town" else f"{town}:{level}"


def _presidium(town: str) -> str:
    return f"{town}:presidium"


def _post(town: str, role: str) -> str:
    return f"{town}:{role}"
