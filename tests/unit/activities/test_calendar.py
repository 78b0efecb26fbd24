"""The iCalendar feed: lines as RFC 5545 wants them, the same bytes for the same records, everything read back."""

from datetime import date
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from services.activities.calendar import calendar
from services.activities.domain.meetings import PresidiumMeeting, Session
from services.activities.domain.plans import ItemState, Plan, PlanItem

TOWN = "340281199"


def events_of(feed: bytes) -> Any:
    from icalendar import Calendar

    return Calendar.from_ical(feed).walk("VEVENT")


def plan(*items: PlanItem, version: int = 1, group_id: str | None = None) -> Plan:
    return Plan(id="p", town=TOWN, version=version, year=2020, group_id=group_id, items=items)


def text(value: Any) -> str:
    return bytes(value.to_ical()).decode()


def read(feed: bytes) -> dict[str, dict[str, str]]:
    """By title: the properties as text."""
    events = events_of(feed)
    return {str(one["SUMMARY"]): {name: text(one[name]) for name in one} for one in events}


def test_what_is_planned_done_put_off_and_cancelled_stands_on_its_day() -> None:
    first = PlanItem(id="1", title="视察", kind="inspection", due_on=date(2020, 3, 31), theme="道路")
    done = PlanItem(
        id="2", title="学习", due_on=date(2020, 4, 30), done_on=date(2020, 4, 2), state=ItemState.DONE
    )
    off = PlanItem(
        id="3", title="外出", due_on=date(2020, 5, 31), state=ItemState.CANCELLED, cancelled_reason="疫情"
    )
    moved = plan(first, done, off, PlanItem(id="4", title="未定"), version=3).item_postponed(
        "1", date(2020, 4, 30), "防汛", date(2020, 3, 1)
    )
    events = read(calendar("示例镇人大", [moved], {}))
    assert set(events) == {"视察", "学习", "外出"}
    assert {title: (one["DTSTART"], one["STATUS"]) for title, one in events.items()} == {
        "视察": ("20200430", "CONFIRMED"),
        "学习": ("20200402", "CONFIRMED"),
        "外出": ("20200531", "CANCELLED"),
    }
    assert events["视察"]["UID"] == f"1@{TOWN}.lvzhi"
    assert (events["视察"]["SEQUENCE"], events["视察"]["DTSTAMP"]) == ("3", "20200101T000000Z")
    assert (events["视察"]["CATEGORIES"], events["视察"]["DTEND"]) == ("视察", "20200501")
    assert "防汛" in events["视察"]["DESCRIPTION"]


def test_sessions_last_their_days_and_groups_are_named() -> None:
    session = Session(
        id="s", town=TOWN, year=2020, congress_number=17, session_number=7, held_on=date(2020, 6, 9),
        ended_on=date(2020, 6, 10),
    )  # fmt: skip
    meeting = PresidiumMeeting(id="m", town=TOWN, year=2020, number=2, held_on=date(2020, 5, 20))
    item = PlanItem(id="1", title="活动", due_on=date(2020, 3, 31))
    events = read(calendar("x", [plan(item, group_id="g1")], {"g1": "第1小组"}, [session], [meeting]))
    assert set(events) == {"第1小组：活动", "第17届人民代表大会第7次会议", "第2次主席团会议"}
    assert events["第17届人民代表大会第7次会议"]["DTEND"] == "20200611"


@given(
    st.lists(
        st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1, max_size=198).map(
            lambda title: f"「{title}」"
        ),
        max_size=5,
    )
)
def test_lines_are_folded_ended_and_escaped_whatever_the_title(titles: list[str]) -> None:
    items = [PlanItem(id=str(n), title=title, due_on=date(2020, 3, 31)) for n, title in enumerate(titles)]
    feed = calendar("示例镇人大", [plan(*items)], {})
    assert calendar("示例镇人大", [plan(*reversed(items))], {}) == feed
    assert feed.endswith(b"\r\n")
    assert b"\n" not in feed.replace(b"\r\n", b"")
    for line in feed.split(b"\r\n"):
        assert len(line) <= 75
        line.decode()
    events = events_of(feed)
    assert sorted(str(one["SUMMARY"]) for one in events) == sorted(titles)
