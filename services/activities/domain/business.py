"""The business of a session: reports, resolutions, elections, resignations, removals, motions, and their votes."""

from collections.abc import Iterator
from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import Field

from services.activities.domain.values import Count, Id, Title, Value
from shared.days import Day
from shared.storage.voiding import unsaid

Deputies = Annotated[tuple[Id, ...], Field(max_length=200)]
Cast = tuple[str, str, str, int]
"""(place in the request, matter, what was counted, number)."""


class ReportKind(StrEnum):
    GOVERNMENT = "government"
    PRESIDIUM = "presidium"
    BUDGET = "budget"
    OTHER = "other"


class ProposedBy(StrEnum):
    DEPUTIES = "deputies"
    PRESIDIUM = "presidium"
    GOVERNMENT = "government"


class NominatedBy(StrEnum):
    """Who nominates officials or moves their removal (组织法 2022 Art. 26, 31)."""

    PRESIDIUM = "presidium"
    DEPUTIES = "deputies"


class Matter(Value):
    """What a session voted on: `votes` in favour, `against`, and of those who `abstained`; None is not recorded."""

    COUNTED: ClassVar[dict[str, str]] = {"votes": "赞成票", "against": "反对票", "abstained": "弃权票"}
    """Fields with a number of votes or of ballots in the box, and their labels."""
    CHOICES: ClassVar[tuple[str, ...]] = ("votes", "against", "others", "abstained")
    """Each ballot is one of them."""

    votes: Count | None = None
    against: Count | None = unsaid()
    abstained: Count | None = unsaid()

    @property
    def named(self) -> str:
        raise NotImplementedError

    @property
    def carried(self) -> bool:
        """Whether it was elected, accepted or passed, for which more than half of all deputies are needed."""
        return True

    def cast(self, at: str) -> Iterator[Cast]:
        for field, label in self.COUNTED.items():
            if (number := getattr(self, field)) is not None:
                yield f"{at}.{field}", self.named, label, number
        known = [n for field in self.CHOICES if (n := getattr(self, field, None)) is not None]
        if len(known) > 1:
            yield f"{at}.votes", self.named, "各种票合计", sum(known)


class SecretBallot(Matter):
    """A vote by ballots: number `issued`, `returned` and `valid`."""

    COUNTED: ClassVar[dict[str, str]] = {
        "returned": "收回票",
        "valid": "有效票",
        **Matter.COUNTED,
    }

    issued: Count | None = None
    returned: Count | None = None
    valid: Count | None = None


class HeardReport(Matter):
    """A report heard and deliberated by the session; `adopted` None: the result is not recorded. `published_on`: of an
    approved budget (预算法 Art. 14)."""

    title: Title
    kind: ReportKind = ReportKind.OTHER
    adopted: bool | None = None
    published_on: Day | None = unsaid()

    @property
    def named(self) -> str:
        return self.title

    @property
    def carried(self) -> bool:
        return bool(self.adopted)


class Resolution(Matter):
    title: Title

    @property
    def named(self) -> str:
        return self.title


class Election(SecretBallot):
    """One person elected: number of `candidates`, votes for `others` written in. `nominators`: deputyship ids."""

    COUNTED: ClassVar[dict[str, str]] = {**SecretBallot.COUNTED, "others": "另选他人票"}

    post: Title
    name: Title
    candidates: Count | None = None
    others: Count | None = unsaid()
    nominated_by: NominatedBy | None = unsaid()
    nominators: Deputies = Field(default=(), exclude_if=lambda named: not named)

    @property
    def named(self) -> str:
        return f"{self.post} {self.name}"


class AcceptedResignation(Matter):
    """The resignation of an official, accepted by the session (组织法 2022 Art. 32)."""

    post: Title
    name: Title
    requested_on: Day | None = None

    @property
    def named(self) -> str:
        return f"接受{self.name}辞去{self.post}"


class Removal(SecretBallot):
    """A motion to remove an official (罢免案, 组织法 2022 Art. 31); `passed` None: the result is not recorded."""

    post: Title
    name: Title
    proposed_by: NominatedBy | None = None
    proposers: Deputies = ()
    passed: bool | None = None

    @property
    def named(self) -> str:
        return f"罢免{self.post}{self.name}"

    @property
    def carried(self) -> bool:
        return bool(self.passed)


class Motion(Value):
    """A motion (议案). `proposers`: deputyship ids; `on_agenda`: the presidium's decision."""

    title: Title
    proposed_by: ProposedBy = ProposedBy.DEPUTIES
    proposers: Deputies = ()
    on_agenda: bool | None = None
