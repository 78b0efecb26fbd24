"""Plans lead nobody to a page that is not theirs."""

from services.console.pages.plans import records_of

ITEMS = [
    {"id": kind, "kind": kind} for kind in ("session", "presidium_meeting", "rating_meeting", "training")
]


def test_a_deputy_is_not_led_to_the_record_of_a_meeting() -> None:
    assert records_of(ITEMS, reads=False) == {"rating_meeting": "/ratings/", "training": "/activities/"}
    assert records_of(ITEMS, reads=True) == {
        "session": "/sessions/",
        "presidium_meeting": "/presidium/",
        "rating_meeting": "/ratings/",
        "training": "/activities/",
    }
