"""Who may be expected at an activity: a leader is offered what a leader may enter."""

from services.console.pages.activity_form import Around


def offered(*, led: frozenset[str] | None) -> list[str]:
    around = Around()
    around.groups = [{"id": id, "name": "", "number": n} for n, id in enumerate(("a", "b"), start=1)]
    around.stations = [{"id": "s", "name": "联络站"}]
    around.led = led
    return [value for value, _ in around.invited]


def test_the_office_is_offered_everybody() -> None:
    everybody = ["level:town", "group:a", "group:b", "groups:", "station:s", "level:county", "level:city"]
    assert offered(led=None) == everybody


def test_a_leader_is_offered_the_own_group_and_joint_activities() -> None:
    assert offered(led=frozenset({"b"})) == ["group:b", "groups:"]
