"""Roles of the routes."""

from shared.http import EVERYONE

OFFICE = frozenset({"office"})
COUNTY = frozenset({"county"})
READERS = EVERYONE - {"teller"}
SPEAKERS = frozenset({"deputy", "leader", "office"})
"""Roles that make statements on duty files; the office on behalf of others, by their signature."""
WATCHERS = frozenset({"county", "auditor", "service", "office"})
SUBSCRIBERS = frozenset({"office", "county", "service"})
"""Roles that manage webhooks: those who may read the feed and act for their area, people and programs alike."""
SUBSCRIPTION_READERS = SUBSCRIBERS | {"auditor"}
