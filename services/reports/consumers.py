"""Subscription of the service: keeps the whole log of every source and projects towns, activities and seals."""

from services.reports.events_in import FACTS, SOURCES, Activity, Town, YearSealed
from services.reports.handlers import closings, photographs
from shared.events.subscription import Subscription

SUBSCRIPTION = Subscription(
    streams=SOURCES,
    keep=True,
    table={
        **{f"{kind}.*.v1": (model, closings.project_fact) for kind, model in FACTS.items()},
        "activities.activity.*.v1": (Activity, photographs.project_activity),
        "roster.town.*.v1": (Town, closings.project_town),
        **{f"{service}.year.sealed.v1": (YearSealed, closings.project_seal) for service in SOURCES},
    },
)
