"""Roles that may use the routes."""

OFFICE = frozenset({"office"})
COUNTING = frozenset({"teller"})
LEADING = OFFICE | COUNTING
"""Who opens, closes and publishes; which of them is for each meeting to say (`domain.presiding`)."""
# A duty report is read by those it concerns and those who supervise, not by the hall's tellers.
REPORT_READERS = frozenset({"office", "leader", "deputy", "county", "auditor"})
