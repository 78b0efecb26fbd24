"""Names of what was held: sessions, meetings of the presidium, activities, ratings."""

import re
from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import Any, Final

from services.reports.events_in import Activity, Session, Station
from services.reports.figures.activities import SUPERVISION
from services.reports.figures.attendance import recorded
from services.reports.figures.changes import by_elections
from services.reports.figures.congress import quarters_held
from services.reports.figures.year import Year
from services.reports.names import KINDS
from services.reports.narrative.lists import distinct, listed, often, titles
from services.reports.notation import (
    enumeration,
    full_day_text,
    numeral,
    quarter_names,
    quarters,
    session_name,
)
from shared.chinese import strokes

Items = list[dict[str, Any]]

_POLITICAL: Final = ("政治", "思想", "理论", "党", "习近平", "精神")
_FEW: Final = 4
_LONG: Final = 6
_EACH: Final = 8
"""As many meetings or activities are told one by one; more are only counted."""
_SUPERVISED: Final = {
    "inspection": ("视察{}", "开展视察"),
    "research": ("就{}开展专题调研", "开展专题调研"),
    "law_check": ("对{}开展执法检查", "开展执法检查"),
}
_REPORT: Final = re.compile(r"(.+?)(?:情况的?|专项)?(?:工作)?(?:情况的?|专项)?(?:工作)?报告")
_ABOUT: Final = re.compile(r".*?关于(.+?)(?:工作)?(?:情况)?的报告")


def held(year: Year) -> dict[str, Any]:
    return {**_congress(year), **_presidium(year), **_activities(year), **_ratings(year)}


def _congress(year: Year) -> dict[str, Any]:
    return {
        "sessions": [_session(year, fact.data) for fact in year.sessions],
        "quorate": bool(year.sessions) and all(_quorate(year, fact.data) for fact in year.sessions),
        "session_names": enumeration([session_name(fact.data) for fact in year.sessions]),
        "motions": titles(m.title for f in year.sessions for m in f.data.motions),
        "attendance_each": all(recorded([fact]) for fact in year.sessions),
    }


def _quorate(year: Year, session: Session) -> bool:
    """Whether two thirds of all deputies, those suspended included, are recorded as present."""
    turnout = year.turnout(session)
    base = len(turnout.expected) + len(year.suspended("town", day=session.held_on))
    return bool(turnout.present) and 3 * len(turnout.present) >= 2 * base


def _session(year: Year, session: Session) -> dict[str, Any]:
    planned, held = session.planned_on, session.held_on
    postponed = planned is not None and held is not None and planned < held
    other_year = planned is not None and held is not None and planned.year != held.year
    return {
        "name": session_name(session),
        "called": "会议" if len(year.sessions) == 1 else session_name(session),
        "date": (full_day_text(held) if other_year else year.dated(held)) if held else "",
        "reports": titles(report.title for report in session.reports),
        "resolutions": titles(resolution.title for resolution in session.resolutions),
        "elections": enumeration([f"{e.name}为{e.post}" for e in session.elections if e.name]),
        "resignations": enumeration(
            [f"{r.name}辞去{r.post}职务" for r in session.resignations_accepted if r.name]
        ),
        "postponed": bool(session.postponed_reason) and postponed,
        "planned": _planned(planned, held, with_year=other_year) if planned and held and postponed else "",
        "reason": session.postponed_reason if postponed else "",
        "adopted": bool(session.reports) and all(report.adopted is True for report in session.reports),
    }


def _planned(day: date, held: date, *, with_year: bool) -> str:
    """The half-year for which a session was planned; the month, where it was held in the same half after all."""
    half = "上半年" if day.month <= 6 else "下半年"
    same = day.year == held.year and (day.month <= 6) == (held.month <= 6)
    return (f"{day.year}年" if with_year else "") + (f"{day.month}月" if same else half)


def _presidium(year: Year) -> dict[str, Any]:
    held, due = quarters_held(year), quarters(year.start, year.as_of)
    lacking = [quarter for quarter in due if quarter not in held]
    return {
        "meetings": _meetings(year),
        "every_quarter": not lacking,
        "missing_quarters": enumeration(quarter_names(lacking, with_year=len(year.years) > 1)),
        "few_missing": len(lacking) <= _FEW,
        "decisions_late": _mostly_late(year),
        "presidium_topics": listed(topic for f in year.presidium_meetings for topic in f.data.topics),
        "special_reports": listed(
            _subject(title) for f in year.presidium_meetings for title in f.data.special_reports
        ),
    }


def _mostly_late(year: Year) -> bool:
    """Whether a fifth of what was decided is past its day and not done: fewer are no weakness of the year."""
    decisions = [decision for f in year.presidium_meetings for decision in f.data.decisions]
    return bool(decisions) and 5 * sum(decision.late(year.as_of) for decision in decisions) >= len(decisions)


def _meetings(year: Year) -> Items:
    """Meetings of the presidium, where there are few enough to tell each."""
    held = [fact.data for fact in year.presidium_meetings]
    return [
        {
            "name": f"第{numeral(meeting.number)}次会议" if meeting.number else "主席团会议",
            "date": year.dated(meeting.held_on) if meeting.held_on else "",
            "topics": listed(meeting.topics),
            "reports": listed(_subject(title) for title in meeting.special_reports),
        }
        for meeting in (held if len(held) <= _EACH else ())
    ]


def _subject(title: str) -> str:
    """Subject of a report: 镇人民政府关于农村饮水安全工作情况的报告 → 农村饮水安全; 环境整治工作报告 → 环境整治."""
    title = title.strip("《》")
    match = _ABOUT.fullmatch(title) or _REPORT.fullmatch(title)
    return match[1] if match else title


def _supervised(year: Year) -> Items:
    """Inspections, research and checks of laws, where there are few enough to tell each."""
    held = [fact.data for fact in year.activities(*_SUPERVISED)]
    return [
        {
            "date": year.dated(activity.held_on) if activity.held_on else "",
            "what": _supervision(activity),
            "topics": listed(topic for topic in activity.topics if topic not in activity.title),
        }
        for activity in (held if len(held) <= _EACH else ())
    ]


def _supervision(activity: Activity) -> str:
    about, bare = _SUPERVISED[activity.kind]
    topic = _topic(activity)
    return about.format(topic) if topic else bare


def _topic(activity: Activity) -> str:
    """What an activity was about, by its title: 民生工程建设情况视察 → 民生工程建设情况."""
    title = activity.title
    for ending in (KINDS.get(activity.kind, ""), "评议", "调研", "检查"):
        title = title.removesuffix(ending) if ending else title
    return title


def _reviewed(year: Year) -> str:
    """Whose work was reviewed: the units recorded, else as the titles say."""
    held = [fact.data for fact in year.activities("review")]
    units = [unit.name.strip() for activity in held for unit in activity.units]
    return listed(units or (_topic(activity) for activity in held))


def _activities(year: Year) -> dict[str, Any]:
    topics = Counter(topic for topic in _subjects(year, "training") if topic)
    ranked = sorted(topics, key=lambda topic: (not _political(topic), -topics[topic], strokes.key(topic)))
    return {
        "training_topics": listed(ranked, longest=_LONG),
        "political_topics": listed([topic for topic in ranked if _political(topic)], longest=_LONG),
        "other_topics": listed([topic for topic in ranked if not _political(topic)], longest=_LONG),
        "supervised": _supervised(year),
        "review_objects": _reviewed(year),
        "suggestion_topics": often(fact.data.category for fact in year.suggestions),
        "opinion_topics": often(fact.data.category for fact in year.opinions),
        "political_first": any(map(_political, list(topics)[:1])),
        "laws_checked": titles(distinct(law for f in year.activities("law_check") for law in f.data.laws)),
        "tags": listed(theme for f in year.all_activities for theme in f.data.served),
        "by_election_places": listed(f.data.constituency for f in by_elections(year)),
        **{
            f"{kind}_topics": listed(_subjects(year, kind), longest=_LONG)
            for kind in (*SUPERVISION[:4], "group_activity")
        },
        "contact_days": enumeration(
            distinct(_reception_day(f.data) for f in year.stations if f.data.reception_day)
        ),
    }


def _reception_day(station: Station) -> str:
    day = station.reception_day
    return f"每月{day}日" if isinstance(day, int) else f"{day}"


def _political(topic: str) -> bool:
    return any(word in topic for word in _POLITICAL)


def _subjects(year: Year, kind: str) -> Iterable[str]:
    return (topic for f in year.activities(kind) for topic in (f.data.topics or (f.data.title,)))


def _ratings(year: Year) -> dict[str, Any]:
    days = [f.data.held_on for f in year.rating_meetings if f.data.held_on]
    months = sorted({(day.year, day.month) for day in days})
    names = sorted(
        {f.data.constituency for f in year.rating_meetings if f.data.constituency}, key=strokes.key
    )
    return {
        "rating_months": enumeration([_month(year, *month) for month in months]),
        "rating_constituencies": listed(names),
    }


def _month(year: Year, at: int, month: int) -> str:
    return f"{month}月" if len(year.years) == 1 else f"{at}年{month}月"
