"""The list parameter that leaves out voided records, or lists them alone."""

from typing import Final

from shared.http import Filter
from shared.storage.voiding import IN_FORCE, VOIDED

OF_VOIDED: Final = Filter(bool, lambda voided: VOIDED if voided else IN_FORCE)
