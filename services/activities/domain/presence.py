"""How somebody took part who was present: online, for half a day, on some of the days; values and words of a sheet."""

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final, Literal, NamedTuple

from pydantic import Field, model_validator

from services.activities.domain.values import Id, Value

Portion = Literal["morning", "afternoon", "part"]
"""Which part of the time; `part`: some of the days, or of the day."""

PORTION_LABELS: Final[Mapping[Portion, str]] = {
    "morning": "上午",
    "afternoon": "下午",
    "part": "部分时间",
}
HALF_DAY: Final = "半天"
ONLINE: Final = "线上"


class HalfDay(Value):
    """A deputy who was present for a part of the time. In a request the id alone is half a day, not said which."""

    deputyship_id: Id
    portion: Portion | None = Field(default=None, exclude_if=lambda portion: portion is None)

    @model_validator(mode="before")
    @classmethod
    def _of_id(cls, sent: Any) -> Any:
        return {"deputyship_id": sent} if isinstance(sent, str) else sent

    @property
    def label(self) -> str:
        return PORTION_LABELS[self.portion] if self.portion is not None else HALF_DAY


class Presence(NamedTuple):
    """What a note says of how somebody took part; `portion` only for a part of the time."""

    online: bool = False
    partly: bool = False
    portion: Portion | None = None


_CAME: Final = r"(?:参加|参会|参学|出席|到会|到场|到|在|学习|培训|听会)"
_AWAY: Final = r"(?:请假|缺席|未到会|未到|未参加|有事|离开)"
_HALF: Final = "上午|下午|半天|半日"
_PART: Final = (
    r"部分时间|部分时段|第[一二三四五六七八九十0-9０-９]{1,2}[天日]|[一两二三0-9０-９]天"
    r"|中途(?:离会|离开|退场|请假)|提前(?:离会|离开|退场)"
)
WORDS: Final = re.compile(
    rf"(?P<online>(?:线上|网上|网络|在线|视频|远程)(?:方式|视频|连线|会议)?{_CAME}?)"
    rf"|(?:只|仅)?{_CAME}?(?P<there>{_HALF}){_CAME}?"
    rf"|(?:请假|请)(?P<away>{_HALF})假?|(?P<away_before>{_HALF}){_AWAY}"
    rf"|(?:只|仅)?{_CAME}?(?P<part>{_PART}){_CAME}?"
)
_HALVES: Final[Mapping[str, Portion]] = {"上午": "morning", "下午": "afternoon"}
_OTHER: Final[Mapping[str, Portion]] = {"上午": "afternoon", "下午": "morning"}


def presence(note: str) -> Presence | None:
    """What a note means: 线上, 上午, 请假半天 (there for the other half), 第一天; None where it says something else."""
    match = WORDS.fullmatch("".join(note.split()))
    if match is None:
        return None
    if match["online"]:
        return Presence(online=True)
    if match["part"]:
        return Presence(partly=True, portion="part")
    if match["there"]:
        return Presence(partly=True, portion=_HALVES.get(match["there"]))
    return Presence(partly=True, portion=_OTHER.get(match["away"] or match["away_before"]))


def whole_day(notes: Iterable[Presence]) -> bool:
    """Whether the notes leave no part of the day out: none is about a part, or both halves are named."""
    portions = {note.portion for note in notes if note.partly}
    return not portions or portions >= {"morning", "afternoon"}
