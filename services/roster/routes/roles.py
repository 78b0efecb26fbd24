"""Roles that may use the routes."""

OFFICE = frozenset({"office"})
WATCHERS = frozenset({"county", "auditor", "office", "service"})
"""Who may read the lists over an area."""
