"""The services of an installation: their names, in the order in which a year passes through them, and their titles."""

from typing import Final

TITLES: Final = {
    "roster": "代表名册",
    "activities": "履职活动",
    "ratings": "述职评议",
    "reports": "工作总结",
    "accounts": "账号",
}
SERVICES: Final = tuple(TITLES)
SOURCES: Final = ("roster", "activities", "ratings")
"""From whose logs a report is counted."""
LEDGERS: Final = (*SOURCES, "reports")
"""Those that every installation has; accounts is missing where people and programs are another issuer's alone."""
CONSOLE: Final = "console"
"""It has a database and pages, and no log."""
DEPLOYED: Final = (*SERVICES, CONSOLE)
"""Each with a container, a database and a database user of its own."""
