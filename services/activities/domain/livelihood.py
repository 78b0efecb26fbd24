"""Livelihood projects (民生实事): candidates of a vote, what became of those chosen, their rating."""

from collections.abc import Iterator
from datetime import date

from services.activities.domain.business import Cast
from services.activities.domain.values import Count, Text, Title, UnitName, Value, Year
from shared.days import Day


class LivelihoodVote(Value):
    """The ballots on all candidates: at most `to_choose` projects on each. None is not recorded."""

    to_choose: Count | None = None
    issued: Count | None = None
    returned: Count | None = None
    valid: Count | None = None

    def cast(self) -> Iterator[Cast]:
        counted = (("returned", "收回票"), ("valid", "有效票"))
        for field, label in counted:
            if (number := getattr(self, field)) is not None:
                yield f"body.livelihood_vote.{field}", "民生实事票决", label, number


class LivelihoodProject(Value):
    """A candidate with its `votes`; `chosen` None: the result is not recorded. `year`: to be done in, by default
    that of the session. Satisfaction is counted on `rated_on`, when the work is done."""

    title: Title
    year: Year | None = None
    votes: Count | None = None
    chosen: bool | None = None
    unit: UnitName | None = None
    progress: Text | None = None
    done_on: Day | None = None
    rated_on: Day | None = None
    satisfied: Count | None = None
    basically_satisfied: Count | None = None
    dissatisfied: Count | None = None
    abstained: Count | None = None

    def cast(self, at: str) -> Iterator[Cast]:
        if self.votes is not None:
            yield f"{at}.votes", self.title, "得票", self.votes

    def faults(self, held_on: date) -> Iterator[tuple[str, str]]:
        """(field, message) of what cannot be: followed up before it was chosen, or without being chosen."""
        for field, what in (("done_on", "完成"), ("rated_on", "测评")):
            day = getattr(self, field)
            if day is None:
                continue
            if self.chosen is False:
                yield field, f"“{self.title}”没有选定，不能登记{what}日期"
            elif day < held_on:
                yield field, f"“{self.title}”的{what}日期（{day}）早于票决的会议（{held_on}）"
