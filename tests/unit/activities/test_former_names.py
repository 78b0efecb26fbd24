"""Former names (曾用名): sheets of any time find their person, and a roll prints the name of its day."""

from datetime import date

import pytest

from services.activities.domain.roster import Deputyship, FormerName, Person
from services.activities.domain.signed import read_sheet
from services.activities.names import Directory, NameUnresolved

TOWN = "340281199"
RENAMED = date(2019, 5, 1)
BEFORE, AFTER = date(2019, 4, 30), RENAMED
MARRIED = Person(
    id="p1", town=TOWN, name="赵示例", former_names=(FormerName(name="王示例01", until=RENAMED),)
)


def directory(*people: Person) -> Directory:
    held = [Deputyship(id=f"d{p.id}", town=TOWN, person_id=p.id, started_on=date(2017, 1, 1)) for p in people]
    return Directory.from_records(people, held, [], [])


@pytest.mark.parametrize("written", ["赵示例", "王示例01", "王 示 例01", "赵　示例"])
@pytest.mark.parametrize("day", [BEFORE, AFTER])
def test_any_name_a_person_ever_had_means_the_person(written: str, day: date) -> None:
    found = directory(MARRIED)
    assert found.deputyship(written, day) == "dp1"
    attendance, doubts = read_sheet(found.roll(["dp1"], day), {"present": written}, others_present=False)
    assert (attendance.present, doubts) == (("dp1",), ())


def test_a_roll_and_an_export_print_the_name_of_the_day() -> None:
    found = directory(MARRIED)
    for day, name in ((BEFORE, "王示例01"), (AFTER, "赵示例")):
        assert [line.name for line in found.roll(["dp1"], day).lines] == [name]
        assert found.written("dp1", day) == name


def test_who_bears_a_name_on_the_day_goes_before_who_bore_it() -> None:
    """Somebody else is called today what another was called before."""
    found = directory(MARRIED, Person(id="p2", town=TOWN, name="王示例01"))
    assert found.deputyship("王示例01", AFTER) == "dp2"
    with pytest.raises(NameUnresolved, match="几人"):
        found.deputyship("王示例01", BEFORE)
    for id in ("dp1", "dp2"):
        for day in (BEFORE, AFTER):
            assert found.deputyship(found.written(id, day), day) == id
    attendance, _ = read_sheet(
        found.roll(["dp1", "dp2"], AFTER), {"present": "王示例01"}, others_present=False
    )
    assert attendance.present == ("dp2",)


def test_a_name_without_its_day_is_found_and_never_printed() -> None:
    found = directory(MARRIED.model_copy(update={"former_names": (FormerName(name="王示例01"),)}))
    assert found.deputyship("王示例01", BEFORE) == "dp1"
    assert found.written("dp1", BEFORE) == "赵示例"
