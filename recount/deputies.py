"""Figures of deputies, groups and stations on the last day, and of changes of deputies in the period."""

from collections import Counter
from collections.abc import Callable, Mapping

from recount.answer import Answer, Nothing, share
from recount.books import Books, in_group, roles
from recount.log import Data, items
from recount.words import of_a_minority, outside_the_party, went_to_college

Count = Callable[[Books], Answer]
_NO_TERMINATION = ("term_over", "area_abolished")


def _level(mandate: Data) -> str:
    return str(mandate.get("level") or "town")


def _serving(level: str) -> Count:
    return lambda books: len(books.serving(level))


def _quota(books: Books) -> Answer:
    """Of the term on the last day, else of the town."""
    of_term = (books.term or {}).get("quota")
    return of_term if isinstance(of_term, int) else _of_the_town(books)


def _of_the_town(books: Books) -> Answer:
    quota = books.the_town.get("quota")
    return quota if isinstance(quota, int) else Nothing.MISSING


def _vacant(books: Books, quotas: Count = _quota) -> Answer:
    quota = quotas(books)
    if not isinstance(quota, int):
        return Nothing.MISSING
    return quota - len(books.serving("town")) - len(books.suspended("town"))


def _person(books: Books, mandate: Data) -> Data:
    return books.persons.get(mandate.get("person_id") or "", {})


def _town_women(books: Books) -> Answer:
    return [_person(books, mandate).get("gender") for mandate in books.serving("town")].count("f")


def _mandates_by_person(books: Books) -> Counter[str]:
    """Number of serving mandates of all levels by person."""
    return Counter(str(mandate.get("person_id") or "") for mandate in books.serving())


def _women(books: Books) -> Answer:
    return [books.persons.get(person, {}).get("gender") for person in _mandates_by_person(books)].count("f")


def _grouped(books: Books) -> Answer:
    groups = [group["id"] for group in books.groups()]
    return sum(any(in_group(mandate, id, books.last) for id in groups) for mandate in books.serving("town"))


def _written(field: str, keep: Callable[[str], bool | None]) -> Count:
    """Serving deputies of the town with a property; MISSING where the field is not recorded, or not known, for all."""

    def answer(books: Books) -> Answer:
        texts = [str(_person(books, mandate).get(field) or "") for mandate in books.serving("town")]
        answers = [known for text in texts if (known := keep(text)) is not None]
        return sum(answers) if len(answers) == len(texts) else Nothing.MISSING

    return answer


def _groups(level: str) -> Count:
    return lambda books: sum(_level(group) == level for group in books.groups())


def _led(books: Books) -> Answer:
    def leads(group: Data, mandate: Data) -> bool:
        return mandate["id"] == group.get("leader_deputyship_id") or "group_leader" in roles(
            mandate, books.last
        )

    return sum(
        any(
            in_group(mandate, group["id"], books.last) and leads(group, mandate)
            for mandate in books.serving()
        )
        for group in books.groups()
    )


def _stations(kind: str) -> Count:
    return lambda books: sum(station.get("kind") == kind for station in books.stations())


def _began(how: str, *levels: str) -> Count:
    def answer(books: Books) -> Answer:
        started = [mandate for mandate in books.deputyships if books.within(mandate.get("started_on"))]
        matching = [mandate for mandate in started if not levels or _level(mandate) in levels]
        return [mandate.get("started_by") or "election" for mandate in matching].count(how)

    return answer


def _ended(*reasons: str) -> Count:
    """Mandates that ended in the period for these reasons; without any, on a ground of the law."""

    def answer(books: Books) -> Answer:
        over = [mandate for mandate in books.deputyships if books.within(mandate.get("ended_on"))]
        if reasons:
            return sum(mandate.get("ended_reason") in reasons for mandate in over)
        return sum(mandate.get("ended_reason") not in _NO_TERMINATION for mandate in over)

    return answer


def _ended_anyhow(books: Books) -> Answer:
    return sum(books.within(mandate.get("ended_on")) for mandate in books.deputyships)


def _suspended(books: Books) -> Answer:
    return sum(
        any(books.within(span.get("from_on")) for span in items(mandate.get("suspensions")))
        for mandate in books.deputyships
    )


def _by_elections(books: Books) -> list[Data]:
    return [election for election in books.all("by_election") if books.within(election.get("held_on"))]


def _turnout(books: Books) -> Answer:
    elections = _by_elections(books)
    counts = [(election.get("votes_cast"), election.get("voters")) for election in elections]
    both = [(c, v) for c, v in counts if isinstance(c, int) and isinstance(v, int) and c <= v]
    if elections and not both:
        return Nothing.MISSING
    return share(sum(cast for cast, _ in both), sum(voters for _, voters in both))


FIGURES: Mapping[str, Count] = {
    "deputies.town.quota": _quota,
    "deputies.town.serving": _serving("town"),
    "deputies.town.suspended": lambda books: len(books.suspended("town")),
    "deputies.town.vacant": _vacant,
    "deputies.town.women": _town_women,
    "deputies.town.grouped": _grouped,
    "deputies.town.non_party": _written("party", outside_the_party),
    "deputies.town.minority": _written("ethnicity", of_a_minority),
    "deputies.town.college": _written("education", went_to_college),
    "deputies.county.serving": _serving("county"),
    "deputies.city.serving": _serving("city"),
    "deputies.province.serving": _serving("province"),
    "deputies.people": lambda books: len(_mandates_by_person(books)),
    "deputies.women": _women,
    "deputies.mandates": lambda books: len(books.serving()),
    "deputies.overlap": lambda books: sum(n - 1 for n in _mandates_by_person(books).values()),
    "deputies.multiple": lambda books: sum(n > 1 for n in _mandates_by_person(books).values()),
    "groups.town": _groups("town"),
    "groups.upper": _groups("upper"),
    "groups.led": _led,
    "stations.open": lambda books: len(books.stations()),
    "stations.rooms": _stations("activity_room"),
    "stations.liaison": _stations("liaison"),
    "changes.elected": _began("election", "town"),
    "changes.by_elected": _began("by_election"),
    "changes.ended": _ended(),
    "changes.term_over": _ended("term_over"),
    "changes.area_abolished": _ended("area_abolished"),
    "changes.suspended": _suspended,
    "by_elections.times": lambda books: len(_by_elections(books)),
    "by_elections.turnout_rate": _turnout,
}

OF_BEFORE: Mapping[str, Count] = {
    "changes.ended": _ended_anyhow,
    "deputies.town.quota": _of_the_town,
    "deputies.town.vacant": lambda books: _vacant(books, _of_the_town),
}
"""As documents counted that do not have `changes.term_over` yet."""
