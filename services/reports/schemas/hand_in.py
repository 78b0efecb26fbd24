"""Handing in over HTTP: windows, extensions, receipts."""

from datetime import date, datetime

from pydantic import BaseModel

from services.reports.domain.hand_in import Receipt, Window
from services.reports.schemas import In, Reason
from shared.days import Day


class WindowIn(In):
    """`locked`: nothing is taken after the day without an extension."""

    due_on: Day
    locked: bool = False
    reason: Reason


class WindowOut(Window):
    period: str
    version: int


class ExtensionIn(In):
    until: Day
    reason: Reason


class ExtensionOut(BaseModel):
    """An extension for a town: until when, why, by whom."""

    town: str
    period: str
    version: int
    until: date
    reason: str
    granted_by: str
    granted_at: datetime


class ReceiptOut(Receipt):
    """`statement`: the receipt with its town and period, signed with the key at `/reports/jwks.json`."""

    town: str
    period: str
    statement: str
