"""Who may do what."""

from shared.http import EVERYONE

OFFICE = frozenset({"office"})
COUNTY = frozenset({"county"})
READERS = EVERYONE - {"teller"}
SPEAKERS = frozenset({"deputy", "leader", "office"})
"""Who says something of a duty file; the office for others, by their signature."""
WATCHERS = frozenset({"county", "auditor", "service", "office"})
