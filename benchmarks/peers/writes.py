"""The writes of one POST – document, event and, where events are numbered, the head – in one bare Motor transaction."""

import json
from typing import Annotated, Any, Literal

from motor.motor_asyncio import AsyncIOMotorClient, AsyncIOMotorDatabase
from pydantic import BaseModel, ConfigDict, Field
from pymongo import ReturnDocument
from pymongo.read_concern import ReadConcern
from pymongo.write_concern import WriteConcern

from shared.ids import new_id


class PersonIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, Field(min_length=1, max_length=100)]
    gender: Literal["f", "m"] | None = None
    born_year: Annotated[int, Field(ge=1900, le=2100)] | None = None
    ethnicity: str | None = None
    party: str | None = None
    education: str | None = None
    occupation: str | None = None


class PersonOut(PersonIn):
    id: str
    town: str
    version: int


def database(mongo_url: str, name: str) -> AsyncIOMotorDatabase[dict[str, Any]]:
    client: AsyncIOMotorClient[dict[str, Any]] = AsyncIOMotorClient(mongo_url, w="majority", journal=True)
    return client[name]


async def prepare(db: AsyncIOMotorDatabase[dict[str, Any]]) -> None:
    for name in ("people", "outbox", "streams"):
        await db.create_collection(name)
    await db["people"].create_index([("town", 1), ("name", 1)])
    await db["outbox"].create_index([("sent", 1), ("_id", 1)], partialFilterExpression={"sent": False})


async def register(
    db: AsyncIOMotorDatabase[dict[str, Any]], town: str, body: PersonIn, *, numbered: bool = True
) -> PersonOut:
    person = PersonOut(id=new_id(), town=town, version=1, **body.model_dump())
    data = person.model_dump(mode="json")
    document = {"_id": data.pop("id"), **data}

    async def write(session: Any) -> None:
        event = {
            "id": new_id(),
            "source": f"/{town}/roster",
            "type": "roster.person.registered.v1",
            "sequence": await _next(db, town, session) if numbered else 0,
            "data": {"id": person.id, **data},
        }
        await db["people"].insert_one(document, session=session)
        await db["outbox"].insert_one(
            {"_id": event["id"], "sent": False, "body": json.dumps(event, ensure_ascii=False)},
            session=session,
        )

    async with await db.client.start_session() as session:
        await session.with_transaction(
            write, read_concern=ReadConcern("snapshot"), write_concern=WriteConcern("majority", j=True)
        )
    return person


async def _next(db: AsyncIOMotorDatabase[dict[str, Any]], town: str, session: Any) -> int:
    head = await db["streams"].find_one_and_update(
        {"_id": town},
        {"$inc": {"sequence": 1}},
        upsert=True,
        return_document=ReturnDocument.AFTER,
        session=session,
    )
    return int(head["sequence"])
