"""Facts of sessions of the congress: attendance, business, votes, questions, livelihood projects."""

from collections.abc import Iterator
from datetime import date

from services.reports.events_in.attended import Attended
from services.reports.events_in.tolerant import Tolerant


class Voted(Tolerant):
    """Votes in favour, against, abstained; None: not recorded."""

    votes: int | None = None
    against: int | None = None
    abstained: int | None = None


class SecretBallot(Voted):
    issued: int | None = None
    returned: int | None = None
    valid: int | None = None


class SessionReport(Voted):
    title: str = ""
    kind: str = "other"
    adopted: bool | None = None
    published_on: date | None = None


class Resolution(Voted):
    title: str = ""


class Election(SecretBallot):
    post: str = ""
    name: str = ""
    candidates: int | None = None
    others: int | None = None
    nominated_by: str = ""
    nominators: tuple[str, ...] = ()


class AcceptedResignation(Voted):
    post: str = ""
    name: str = ""


class Removal(SecretBallot):
    """A motion to remove an official; `passed` None: the result is not recorded."""

    post: str = ""
    name: str = ""
    proposed_by: str = ""
    proposers: tuple[str, ...] = ()
    passed: bool | None = None


class Motion(Tolerant):
    title: str = ""
    proposed_by: str = "deputies"
    proposers: tuple[str, ...] = ()
    on_agenda: bool | None = None


class Question(Tolerant):
    """At a session (`interpellation`, `inquiry`), or of a special inquiry."""

    kind: str = "inquiry"
    unit: str = ""
    text: str = ""
    askers: tuple[str, ...] = ()
    answered_on: date | None = None
    dissatisfied: int | None = None
    answered_again_on: date | None = None
    promise: str = ""
    due_on: date | None = None
    done_on: date | None = None


class LivelihoodVote(Tolerant):
    to_choose: int | None = None
    issued: int | None = None
    returned: int | None = None
    valid: int | None = None


class LivelihoodProject(Tolerant):
    title: str = ""
    year: int | None = None
    votes: int | None = None
    chosen: bool | None = None
    unit: str = ""
    done_on: date | None = None
    rated_on: date | None = None
    satisfied: int | None = None
    basically_satisfied: int | None = None
    dissatisfied: int | None = None
    abstained: int | None = None


class Observers(Tolerant):
    kind: str = ""
    count: int = 0


class Session(Attended):
    congress_number: int | None = None
    session_number: int | None = None
    notice_on: date | None = None
    papers_on: date | None = None
    planned_on: date | None = None
    postponed_reason: str = ""
    ended_on: date | None = None
    reports: tuple[SessionReport, ...] = ()
    resolutions: tuple[Resolution, ...] = ()
    elections: tuple[Election, ...] = ()
    resignations_accepted: tuple[AcceptedResignation, ...] = ()
    removals: tuple[Removal, ...] = ()
    motions: tuple[Motion, ...] = ()
    questions: tuple[Question, ...] = ()
    livelihood_vote: LivelihoodVote = LivelihoodVote()
    livelihood_projects: tuple[LivelihoodProject, ...] = ()
    observers: int | None = None
    observer_kinds: tuple[Observers, ...] = ()

    def voted(self) -> Iterator[tuple[str, Voted, bool]]:
        """(matter, votes, whether it was elected, accepted or passed) of everything that may be voted on."""
        yield from ((f"选举{election.post}", election, True) for election in self.elections)
        for resignation in self.resignations_accepted:
            yield f"接受{resignation.name}辞去{resignation.post}", resignation, True
        for removal in self.removals:
            yield f"罢免{removal.post}{removal.name}", removal, bool(removal.passed)
        yield from ((f"通过“{resolution.title}”", resolution, True) for resolution in self.resolutions)
        yield from ((f"通过“{report.title}”", report, bool(report.adopted)) for report in self.reports)
