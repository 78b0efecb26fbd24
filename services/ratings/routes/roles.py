"""Roles that may use the routes."""

OFFICE = frozenset({"office"})
COUNTING = frozenset({"teller"})
# A duty report is read by those it concerns and those who supervise, not by the hall's tellers.
REPORT_READERS = frozenset({"office", "leader", "deputy", "county", "auditor"})
