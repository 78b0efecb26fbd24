"""Subscription of accounts: foreign event types, their models and the handlers they call."""

from services.accounts import events_in
from services.accounts.handlers import mandates
from shared.events.subscription import Subscription

SUBSCRIPTION = Subscription(
    streams=("roster",),
    table={"roster.deputyship.ended.v1": (events_in.Deputyship, mandates.end_with_mandate)},
)
