"""Names with their days, of people and of towns: on every day there is one, and the last is that of now."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from services.roster.domain.people import Person, name_on, names, renamed
from services.roster.domain.towns import Town
from services.roster.domain.towns import renamed as town_renamed

DAYS = st.lists(st.dates(date(1990, 1, 1), date(2030, 1, 1)), unique=True, max_size=5).map(sorted)


@given(DAYS, st.dates(date(1980, 1, 1), date(2040, 1, 1)))
def test_a_name_holds_from_its_day_until_the_next(days: list[date], day: date) -> None:
    person = Person(id="p", town="t", name="名0")
    for n, on in enumerate(days, 1):
        person = renamed(person, f"名{n}", on=on)
    assert name_on(person, day) == f"名{sum(on <= day for on in days)}"
    assert set(names(person)) == {f"名{n}" for n in range(len(days) + 1)}


@given(DAYS)
def test_a_town_keeps_all_its_names_in_order(days: list[date]) -> None:
    town = Town(id="340281199", town="340281199", name="镇0")
    for n, on in enumerate(days, 1):
        town = town_renamed(town, town.model_copy(update={"name": f"镇{n}"}), on=on)
    assert [former.until for former in town.former_names] == days
    assert [former.name for former in town.former_names] == [f"镇{n}" for n in range(len(days))]
    assert town_renamed(town, town, on=date(2050, 1, 1)) == town
