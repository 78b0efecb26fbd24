"""Stations (活动阵地), where deputies work, and constituencies (选区), where they are elected."""

from datetime import date
from typing import Literal

from shared.storage.work import Record

StationKind = Literal["activity_room", "liaison"]


class Station(Record):
    name: str
    kind: StationKind = "activity_room"
    address: str | None = None
    serves: list[str] = []
    rules: list[str] = []  # 上墙制度
    opened_on: date | None = None
    closed_on: date | None = None
    reception_day: int | str | None = None  # a day of every month, or in words


class Constituency(Record):
    name: str
    seats: int | None = None
    voters: int | None = None
    villages: list[str] = []
