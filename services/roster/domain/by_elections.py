"""By-elections (补选): votes, candidates, result, and the checks that would void it (选举法 2020 Art. 44, 45)."""

from collections.abc import Iterator
from datetime import date

from services.roster.domain.dated import Value
from services.roster.domain.law import RULES
from services.roster.errors import ElectionVoid, NotElected, VotesUnfit
from shared.errors import FieldError
from shared.norms import Norm
from shared.storage.work import Record


class Candidate(Value):
    """A person who received votes, write-ins included. `person_id`: once registered as a person."""

    name: str
    votes: int | None = None
    person_id: str | None = None


class ByElection(Record):
    """`elected` are names of candidates. `rerun`: 另行选举, after a first vote left seats open."""

    constituency: str
    held_on: date
    congress_number: int | None = None
    seats: int | None = None
    voters: int | None = None
    votes_cast: int | None = None
    candidates: list[Candidate] = []
    elected: list[str] = []
    rerun: bool = False


def check(election: ByElection) -> None:
    """Check the result against the counts that are known. Errors: VotesUnfit, ElectionVoid, NotElected."""
    faults = list(_faults(election))
    if faults:
        law = RULES.on("election.votes", election.held_on)
        raise VotesUnfit(law.cited(faults[0].message) if law else faults[0].message, errors=faults)
    if (law := RULES.on("election.turnout", election.held_on)) is not None:
        _check_turnout(election, law)
    if (law := RULES.on("election.majority", election.held_on)) is not None:
        _check_elected(election, law)


def _faults(election: ByElection) -> Iterator[FieldError]:
    """Impossible counts, such as more ballots than voters or more votes than the ballots allow."""
    cast, voters, seats = election.votes_cast, election.voters, election.seats
    if cast is not None and voters is not None and cast > voters:
        yield FieldError("body.votes_cast", f"投票 {cast} 人，多于选民 {voters} 人，选举无效")
    names = [candidate.name for candidate in election.candidates]
    for place, candidate in enumerate(election.candidates):
        if candidate.name in names[:place]:
            yield FieldError(
                f"body.candidates.{place}.name", f"{candidate.name} 写了两次，同名的人请加括号区分"
            )
        if cast is not None and candidate.votes is not None and candidate.votes > cast:
            message = f"{candidate.name} 得 {candidate.votes} 票，多于投票 {cast} 人"
            yield FieldError(f"body.candidates.{place}.votes", message)
    total = sum(candidate.votes or 0 for candidate in election.candidates)
    if cast is not None and seats is not None and total > cast * seats:
        message = f"得票合计 {total} 张，多于 {cast} 张选票各选 {seats} 人所能投出的"
        yield FieldError("body.candidates", message)
    for place, name in enumerate(election.elected):
        if name not in names:
            yield FieldError(f"body.elected.{place}", f"{name} 不在得票的人当中")
        if name in election.elected[:place]:
            yield FieldError(f"body.elected.{place}", f"{name} 写了两次")
    if seats is not None and len(election.elected) > seats:
        yield FieldError("body.elected", f"当选 {len(election.elected)} 人，多于应选 {seats} 人")


def _check_turnout(election: ByElection, law: Norm) -> None:
    cast, voters = election.votes_cast, election.voters
    if election.elected and cast is not None and voters is not None and 2 * cast <= voters:
        message = f"选民 {voters} 人，须过半数即至少 {voters // 2 + 1} 人参加投票；参加 {cast} 人，选举无效"
        raise ElectionVoid(law.cited(message), errors=[FieldError("body.votes_cast", message)])


def _check_elected(election: ByElection, law: Norm) -> None:
    """Everybody elected has enough votes, and nobody who is not elected has more."""
    votes = {candidate.name: candidate.votes for candidate in election.candidates}
    not_elected = [n for name, n in votes.items() if name not in election.elected and n is not None]
    faults = []
    for place, name in enumerate(election.elected):
        received = votes[name]
        if received is None:
            continue
        if election.votes_cast is not None and received < needed(election.votes_cast, rerun=election.rerun):
            least = needed(election.votes_cast, rerun=election.rerun)
            faults.append(
                (place, f"{name} 得 {received} 票，投票 {election.votes_cast} 人，至少须得 {least} 票")
            )
        elif received < max(not_elected, default=0):
            faults.append((place, f"{name} 得 {received} 票，有得 {max(not_elected)} 票的没有当选"))
    if faults:
        errors = [FieldError(f"body.elected.{place}", message) for place, message in faults]
        raise NotElected(law.cited(errors[0].message), errors=errors)


def needed(votes_cast: int, *, rerun: bool) -> int:
    """More than half of those who voted; in a rerun a third is enough (选举法 2020 Art. 45)."""
    return -(-votes_cast // 3) if rerun else votes_cast // 2 + 1


def chosen(election: ByElection, *, name: str, person_id: str) -> bool:
    """Whether a person was elected: by the candidate's `person_id` where there is one, else by name."""
    by_name = {candidate.name: candidate.person_id for candidate in election.candidates}
    return any(
        by_name[elected] == person_id if by_name.get(elected) else elected == name
        for elected in election.elected
    )
