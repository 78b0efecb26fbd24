"""The list parameter that leaves out voided records, or lists them alone."""

from typing import Final

from services.activities.domain.voiding import IN_FORCE, VOIDED
from shared.http import Filter

OF_VOIDED: Final = Filter(bool, lambda voided: VOIDED if voided else IN_FORCE)
