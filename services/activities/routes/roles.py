"""Roles that may use the routes."""

OFFICE = frozenset({"office"})
READERS = frozenset({"office", "leader", "deputy", "county", "auditor", "service"})
