"""Articles of law by which a deputyship begins, is suspended and ends, in the version in force on a day."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

LEFT: Final = ("moved_away", "moved_out", "transferred")
"""迁出或者调离本行政区域, and which of the two."""


@dataclass(frozen=True)
class Text:
    """One version of a law: the day it came into force, and its articles by matter."""

    law: str
    since: date
    articles: Mapping[str, str]


TEXTS: Final = (
    Text(
        "代表法（2015）",
        date(2015, 8, 29),
        {
            "criminal_detention": "第四十八条第一项",
            "serving_sentence": "第四十八条第二项",
            "resumed": "第四十八条",
            **dict.fromkeys(LEFT, "第四十九条第一项"),
            "resigned": "第四十九条第二项",
            "absent_twice": "第四十九条第三项",
            "recalled": "第四十九条第四项",
            "lost_nationality": "第四十九条第五项",
            "deprived_of_rights": "第四十九条第六项",
            "lost_capacity": "第四十九条第七项",
        },
    ),
    Text(
        "选举法（2020）",
        date(2020, 10, 17),
        {"election": "第四十五条", "by_election": "第五十七条", "resignation": "第五十五条"},
    ),
    Text(
        "代表法（2025）",
        date(2025, 3, 11),
        {
            "criminal_detention": "第六十一条第一项",
            "serving_sentence": "第六十一条第二项",
            "resumed": "第六十一条",
            **dict.fromkeys(LEFT, "第六十二条第一项"),
            "resigned": "第六十二条第二项",
            "ordered_resignation": "第六十二条第二项",
            "absent_twice": "第六十二条第三项",
            "recalled": "第六十二条第四项",
            "lost_nationality": "第六十二条第五项",
            "deprived_of_rights": "第六十二条第六项",
            "lost_capacity": "第六十二条第七项",
            "died": "第六十二条第二款",
            "term_over": "第二条",
        },
    ),
)
"""In the order in which they came into force. Earlier versions number their articles differently and are left out."""


def article(matter: str, day: date) -> str | None:
    """A citation such as `代表法（2025）第六十二条第一项`; None where no version in force on the day has the matter."""
    citations = [
        f"{text.law}{text.articles[matter]}"
        for text in TEXTS
        if text.since <= day and matter in text.articles
    ]
    return citations[-1] if citations else None
