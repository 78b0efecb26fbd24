"""Who may do what."""

OFFICE = frozenset({"office"})
READERS = frozenset({"office", "leader", "deputy", "county", "auditor", "service"})
