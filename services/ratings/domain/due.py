"""What is to be done next on a day about rating meetings."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final, NamedTuple

from services.ratings.domain.meetings import Meeting, State

_BASIS: Final = "代表法（2025）第五十八条"
_NEXT: Final = {
    State.DRAFT: ("meeting_to_open", "等待开始测评", "开始测评"),
    State.OPEN: ("meeting_to_close", "正在测评，等待结束", "结束测评"),
    State.CLOSED: ("meeting_to_publish", "已结束，等待公布结果", "公布结果"),
    State.REVOKED: ("meeting_to_count_again", "结果已撤回，等待重新计票", "重新计票"),
}


class Next(NamedTuple):
    """The next step of a record, due on the day of the meeting."""

    kind: str
    due_on: date
    subject: str
    text: str
    basis: str
    action: str


def next_steps(meetings: Sequence[Meeting], last: date) -> Iterator[Next]:
    """Steps of meetings held by `last` that are not published."""
    for meeting in meetings:
        if meeting.state in _NEXT and meeting.held_on <= last:
            kind, text, action = _NEXT[meeting.state]
            name = f"{meeting.held_on.month}月{meeting.held_on.day}日{meeting.constituency}述职测评会"
            yield Next(kind, meeting.held_on, f"meeting/{meeting.id}", f"{name}{text}", _BASIS, action)
