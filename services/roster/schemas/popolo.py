"""The roster as Popolo has it (popoloproject.com/specs): names, mandates, groups, posts; no contact details."""

from datetime import date

from pydantic import BaseModel


class PopoloName(BaseModel):
    """A name borne before, until a day where that is known."""

    name: str
    end_date: date | None = None


class PopoloPerson(BaseModel):
    """`birth_date`: the year alone."""

    id: str
    name: str
    other_names: list[PopoloName] = []
    gender: str | None = None
    birth_date: str | None = None


class PopoloIdentifier(BaseModel):
    scheme: str
    identifier: str


class PopoloOrganization(BaseModel):
    """`classification`: legislature, presidium or group."""

    id: str
    name: str
    classification: str
    identifiers: list[PopoloIdentifier] = []
    parent_id: str | None = None
    founding_date: date | None = None
    dissolution_date: date | None = None


class PopoloPost(BaseModel):
    id: str
    label: str
    organization_id: str


class PopoloArea(BaseModel):
    name: str


class PopoloMembership(BaseModel):
    """`role`: what somebody is there; `area`: the constituency."""

    id: str
    person_id: str
    organization_id: str
    label: str | None = None
    role: str
    post_id: str | None = None
    area: PopoloArea | None = None
    start_date: date | None = None
    end_date: date | None = None


class Popolo(BaseModel):
    persons: list[PopoloPerson]
    organizations: list[PopoloOrganization]
    posts: list[PopoloPost]
    memberships: list[PopoloMembership]
