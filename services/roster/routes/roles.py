"""Who may do what."""

OFFICE = frozenset({"office"})
