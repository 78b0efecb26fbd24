"""Subscription of accounts: foreign event types, their models and the handlers they call."""

from services.accounts import events_in
from services.accounts.handlers import audit, copies, mandates
from shared.events.subscription import Subscription

LEDGERS = ("roster", "activities", "ratings", "reports")

SUBSCRIPTION = Subscription(
    streams=LEDGERS,
    table={
        "roster.deputyship.*.v1": (events_in.Deputyship, copies.project_deputyship),
        "ratings.meeting.*.v1": (events_in.Meeting, copies.project_meeting),
    },
    reactions={
        "roster.deputyship.ended.v1": (events_in.Deputyship, mandates.end_account),
        "roster.deputyship.voided.v1": (events_in.Deputyship, mandates.end_account),
        **{
            f"{service}.personal_data.read.v1": (events_in.PersonalDataRead, audit.note_read)
            for service in LEDGERS
        },
    },
)
