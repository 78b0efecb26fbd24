"""Ballots on a unit whose work was reviewed (工作评议): how many were given out and returned, and what they say."""

from services.activities.domain.values import Count, Value
from shared.storage.voiding import unsaid


class UnitBallots(Value):
    """returned ≥ satisfied + basically_satisfied + dissatisfied + abstained. None is not recorded."""

    issued: Count | None = unsaid()
    returned: Count | None = unsaid()
    satisfied: Count | None = unsaid()
    basically_satisfied: Count | None = unsaid()
    dissatisfied: Count | None = unsaid()
    abstained: Count | None = unsaid()
