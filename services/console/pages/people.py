"""What pages about people share: names of groups, people and constituencies to choose from, fields of a person."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any, Final

from services.console.forms import Field
from services.console.visit import Visit
from services.console.words import options

PERSON: Final = (
    Field("name", "姓名", required=True, width=3),
    Field("gender", "性别", "radio", options=options("gender"), width=2),
    Field("born_year", "出生年份", "number", hint="如 1980", width=2),
    Field("ethnicity", "民族", hint="如 汉族、回族", width=2),
    Field(
        "party",
        "党派",
        width=3,
        suggest=("中国共产党党员", "中国共产主义青年团团员", "群众", "无党派人士"),
    ),
    Field("education", "文化程度", width=3, suggest=("大学", "大专", "高中", "初中", "小学", "研究生")),
    Field("occupation", "单位和职务", width=6),
    Field("reference", "编号", hint="本单位自编的，没有不填", width=3),
)
CONTACT: Final = (
    Field("phone", "手机号", hint="只有人大办看得到全号，每次查看都有记录", width=4),
    Field("id_number", "身份证号", hint="核对校验位、性别和出生年份；存时加密", width=4),
)


async def groups(visit: Visit) -> list[dict[str, Any]]:
    return await visit.api.all(visit.at("roster", "groups"), limit=200)


def group_name(group: Mapping[str, Any]) -> str:
    return str(group["name"] or f"第{group['number']}代表小组")


def group_names(found: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    return {group["id"]: group_name(group) for group in found}


async def deputies(visit: Visit, **query: Any) -> list[dict[str, Any]]:
    """The roster on a day, by default today."""
    asked = {"as_of": visit.today.isoformat(), **query}
    items: list[dict[str, Any]] = (await visit.api.get(visit.at("roster", "deputies"), **asked))["items"]
    return items


async def everybody(visit: Visit) -> dict[str, dict[str, Any]]:
    """All people by id, without their numbers: nothing personal is read."""
    found = await visit.api.all(visit.at("roster", "people"), limit=200, masked=True)
    return {person["id"]: person for person in found}


def told_apart(rows: Sequence[Mapping[str, Any]], id: str) -> list[tuple[str, str]]:
    """(id, name) to choose from: those of one name with their constituency."""
    names = [row["name"] for row in rows]
    return [
        (
            row[id],
            row["name"]
            if names.count(row["name"]) == 1
            else f"{row['name']}（{row.get('constituency') or row.get('born_year') or '未写选区'}）",
        )
        for row in rows
    ]


async def mandate_fields(visit: Visit) -> tuple[Field, ...]:
    """The fields of a deputyship, with the town's groups, constituencies and terms to choose from."""
    found, held, drawn, terms = await asyncio.gather(
        groups(visit),
        visit.api.all(visit.at("roster", "by_elections"), limit=200),
        visit.api.all(visit.at("roster", "constituencies"), limit=200),
        visit.api.all(visit.at("roster", "terms"), limit=200),
    )
    numbers = sorted((str(term["congress_number"]) for term in terms), reverse=True)
    return (
        Field("level", "层级", "select", required=True, options=options("level"), width=3),
        Field("congress_number", "届次", "number", hint="如 十八届填 18", suggest=numbers, width=3),
        Field(
            "constituency",
            "选区",
            hint="上级代表写原选举单位在右边一栏",
            suggest=[one["name"] for one in drawn],
            width=3,
        ),
        Field("from_unit", "原选举单位", hint="上级代表才填", width=3),
        Field("started_on", "就任日期", "date", required=True, width=3),
        Field("started_by", "产生方式", "select", options=options("started_by"), width=3),
        Field(
            "by_election_id",
            "补选",
            "select",
            hint="补选产生的才选",
            options=[(one["id"], f"{one['held_on']} {one['constituency']}") for one in held],
            width=3,
        ),
        Field("group_id", "小组", "select", options=list(group_names(found).items()), width=3),
        Field("roles", "职务", "checks", options=options("mandate_role"), width=6),
    )
