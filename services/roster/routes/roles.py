"""Roles that may use the routes."""

OFFICE = frozenset({"office"})
