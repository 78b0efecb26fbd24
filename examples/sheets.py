"""The three workbooks of an office, each with the sheets of the service that imports it."""

from typing import Final

from services.activities.sheets import SHEETS as LEDGER
from services.ratings.sheets import SHEETS as RATINGS
from services.roster.sheets import SHEETS as ROSTER

WORKBOOKS: Final = {"名册.xlsx": ROSTER, "履职.xlsx": LEDGER, "测评.xlsx": RATINGS}
