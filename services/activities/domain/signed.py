"""The reading of a sheet: who is present, on leave, absent, and every doubt with its place. Nothing is guessed."""

import re
from collections.abc import Mapping
from dataclasses import replace

from services.activities.domain import numbers
from services.activities.domain import sheet_words as words
from services.activities.domain.attendance import PARTS, Attendance
from services.activities.domain.leave import LeaveReason
from services.activities.domain.pasted import KINDS, MEANT, SILENT, Token, lines, position
from services.activities.domain.presence import Presence, presence
from services.activities.domain.reading import HINTS, Doubt, Entry, Reading, miscounted
from services.activities.domain.roll import Candidate, Line, Roll, narrowed, unclear
from shared.chinese.characters import Unwritable, check, key


def read_sheet(
    roll: Roll, written: Mapping[str, str], *, others_present: bool
) -> tuple[Attendance, tuple[Doubt, ...]]:
    """Attendance from the texts of a sheet; `written`: texts by part (present, on_leave, absent).

    With `others_present` everybody not named is present; else not recorded. Entries in doubt are left out and returned.
    """
    reading = read_texts(roll, written)
    attendance = reading.attendance(others_present=others_present)
    return attendance, (*reading.doubts, *miscounted(reading, attendance, written))


def read_texts(roll: Roll, written: Mapping[str, str]) -> Reading:
    """The texts read one after the other; see `Reading`."""
    reading = Reading(roll)
    for part in ("on_leave", "absent", "present"):
        _Text(reading, part, written.get(part, "")).read()
    return reading


class _Text:
    """One text of a sheet, read into `reading`. `part` changes at labels such as 请假：."""

    def __init__(self, reading: Reading, part: str, text: str) -> None:
        self.reading, self.roll, self.own, self.text = reading, reading.roll, part, text
        self.part = part
        self.group: str | None = None
        self.reason: LeaveReason | None = None
        self.labelled: Presence | None = None
        self.presence: Presence | None = None
        self.meant: frozenset[str] = frozenset()
        self.clause: list[Entry] | None = None
        self.last: Entry | None = None
        self.apart = False
        self.first = 0
        self.entries: list[Entry] = []
        self.spans = reading.spans.setdefault(part, [])

    def read(self) -> None:
        for tokens in numbers.sorted_out(list(lines(self.text, self.roll)), self.roll):
            self.last = self.group = None
            self.presence = self.labelled
            self.reason = None
            self.first = len(self.entries)
            self.meant = frozenset()
            for token in tokens:
                self._take(token)
            for entry in self.entries[self.first :]:
                self._place(entry)

    def _take(self, token: Token) -> None:
        self.spans.append((token.start, token.end, KINDS.get(token.kind, MEANT)))
        if token.kind not in SILENT:
            take = {
                "person": self._person,
                "number": self._number,
                "bracket": self._bracket,
                "reason": self._reason,
                "presence": self._took_part,
                "label": self._label,
                "count": self._count,
                "everybody": self._everybody,
                "outside": self._everybody,
                "except": self._except,
                "group": self._members,
                "unclear": self._unclear,
                "misplaced": self._misplaced,
            }
            take.get(token.kind, self._unknown)(token)
        if token.kind != "blank":  # a blank or a tab joins what stands beside it
            self.apart = token.kind == "separator" and not token.text.isspace()

    def _except(self, _: Token) -> None:
        self.clause = []

    def _unclear(self, token: Token) -> None:
        self.doubt(token, f"“{token.text}”有几种读法", "请用顿号隔开")

    def _misplaced(self, token: Token) -> None:
        self.doubt(token, f"“{token.text}”不知是序号还是别的数字", HINTS["number"])

    def _person(self, token: Token) -> None:
        part: str | None = self.part
        if self.clause is not None and part == "present":
            part = token.state if token.state in ("on_leave", "absent") else None
        elif token.state is not None and token.state != part:
            self.doubt(
                token, f"写在“{PARTS[self.part]}”，却注明“{token.text[len(token.name) :]}”", HINTS["place"]
            )
            return
        self._all_of(token.text[len(token.name) :], token.reason)
        self.last = Entry(token, part, excepted=self.clause is not None, reason=token.reason or self.reason)
        self.last.presences += filter(None, (token.presence, self.presence))
        if self.group is not None:
            self.last.notes.append(self.group)
        if self.clause is not None:
            self.clause.append(self.last)
        self.entries.append(self.last)

    def _number(self, token: Token) -> None:
        assert token.match is not None
        first, last = int(token.match[1]), int(token.match[2] or token.match[1])
        found = [line for line in self.roll.lines if first <= line.number <= last]
        if not found or len(found) != last - first + 1:
            size = len(self.roll.lines)
            known = f"签到册只有 1 至 {size} 号" if size else "这里没有可以对照的签到册"
            self.doubt(token, known, "请改写姓名")
            return
        part = None if self.clause is not None and self.part == "present" else self.part
        for line in found:
            self.last = Entry(token, part, [line], excepted=self.clause is not None)
            self.entries.append(self.last)

    def _bracket(self, token: Token) -> None:
        assert token.match is not None
        notes = [note.strip() for note in words.SEPARATOR.split(token.match[1]) if note.strip()]
        for note in notes:
            stated = words.STATED.fullmatch(note)
            if (counted := words.COUNT.fullmatch(note)) is not None:
                self._counted(token, counted)
            elif (took_part := presence(note)) is not None:
                self._took_part(replace(token, presence=took_part))
            elif self.last is None:
                self.doubt(token, f"括号里的“{note}”前面没有姓名", HINTS["nobody"])
            elif stated is not None:
                self._noted(token, stated)
            else:
                self.last.notes.append(note)

    def _took_part(self, token: Token) -> None:
        """Online or for half a day: of the name or the group before it, else of the names behind it."""
        assert token.presence is not None
        if self.last is not None:
            self.last.presences.append(token.presence)
        elif self.meant:
            self.reading.took_part(self.meant, token.presence)
        else:
            self.presence = token.presence

    def _noted(self, token: Token, stated: re.Match[str]) -> None:
        """A reason or a state in brackets behind the name."""
        assert self.last is not None
        word = stated["reason"] or stated["asked"]
        state = words.STATE_WORDS[stated["state"]] if stated["state"] else "on_leave"
        self._state(token, words.LEAVE_WORDS[word] if word else None, state)

    def _reason(self, token: Token) -> None:
        """A reason that stands alone: of the name before it, else of the names behind it."""
        if self.last is None:
            self.reason = token.reason
        else:
            self._state(token, token.reason, token.state or "on_leave")

    def _state(self, token: Token, reason: LeaveReason | None, state: str) -> None:
        entry = self.last
        assert entry is not None
        if entry.excepted and entry.part != "on_leave":
            entry.part = state if state in ("on_leave", "absent") else entry.part
        if state != entry.part or (entry.reason and reason and entry.reason is not reason):
            part = PARTS.get(entry.part or "", "到会")
            self.doubt(
                token,
                f"{entry.token.name}写在“{part}”，却注明“{token.text.strip('（）()')}”",
                HINTS["place"],
            )
        entry.reason = entry.reason or reason
        self._all_of(token.text.lstrip("（(["), reason)

    def _all_of(self, said: str, reason: LeaveReason | None) -> None:
        """均病假 behind the last of several names on a line is said of all of them."""
        if said.startswith(("均", "都")):
            for entry in self.entries[self.first :]:
                entry.reason = entry.reason or reason

    def _label(self, token: Token) -> None:
        match = token.match
        assert match is not None
        self.last = self.labelled = self.presence = None
        self.meant = frozenset()
        if match["presence"]:
            self.labelled = self.presence = presence(match["presence"])
            self.part = "present" if self.own == "present" else self.part
        elif match["group"]:
            self.group = f"第{words.whole(match['group'])}组"
        elif match["reason"]:
            self.reason = words.LEAVE_WORDS[match["reason"]]
            self.part = "on_leave"
        else:
            self.part = words.STATE_WORDS[match["state"]]
        if match["count"]:
            anybody = match["group"] or match["presence"]
            kind = "" if anybody else self.reason if match["reason"] and self.reason else self.part
            self.reading.counts.append((self.own, words.whole(match["count"]), kind, token))
        if self.part == "expected":
            self.part = self.own

    def _count(self, token: Token) -> None:
        assert token.match is not None
        self._counted(token, token.match)

    def _counted(self, token: Token, match: re.Match[str]) -> None:
        word = (match["word"] or match["named"] or "").removesuffix("人数")
        kind = words.STATE_WORDS.get(word, "present" if word == "实到" else "expected" if word else self.part)
        number = words.whole(match["people"] or match["bare"])
        self.reading.counts.append((self.own, number, kind, token))

    def _everybody(self, token: Token) -> None:
        clause, self.clause = self.clause, None
        if self.part != "present" and token.text.startswith("无"):
            return
        if self.part != "present" and token.kind != "outside":
            self.doubt(token, f"“{token.text}”写在“{PARTS[self.part]}”里", "没有人请写“无”")
        elif not self.roll.everybody and "镇代表" not in token.text:
            self.doubt(token, f"不是小组活动，不知“{token.text}”是哪些人", HINTS["everybody"])
        else:
            whole_town = "镇代表" in token.text and self.roll.whole_town
            meant = whole_town or frozenset(line.deputyship_id for line in self.roll.lines)
            self._all(meant)
        if clause and clause[-1].part is not None:
            for entry in clause:  # 除王伟、李芳请假外: what stands at the last is said of all
                entry.part = entry.part or clause[-1].part
        self.last = None

    def _members(self, token: Token) -> None:
        """A group beside a name is a note; alone it stands for its members."""
        members = narrowed([*self.roll.lines, *self.roll.guests], token.text)
        if self.last is not None and not self.apart:
            self.last.notes.append(token.text)
        elif members and self.part == "present":
            self._all(frozenset(line.deputyship_id for line in members))
        else:
            self.doubt(token, f"没有 {token.text} 的人可以记在这里", HINTS["nobody"])

    def _all(self, meant: frozenset[str]) -> None:
        self.reading.collectives.append((self.own, meant))
        self.meant = meant
        self.reading.took_part(meant, *filter(None, (self.presence,)))

    def _unknown(self, token: Token) -> None:
        if (
            self.last is not None
            and not self.apart
            and narrowed(self.roll.named(self.last.token.name, ()), token.text)
        ):
            self.spans[-1] = (token.start, token.end, "reason")
            self.last.notes.append(token.text)
            return
        try:
            check(token.text)
        except Unwritable as problem:
            self.doubt(token, str(problem), "多半是从别处复制带来的，请删去后重新输入")
        else:
            why = self.roll.others.get(key(token.text))
            message = f"{token.text} {why}" if why else f"应到人员中没有 {token.text}"
            self.doubt(token, message, HINTS["nobody"])

    def _place(self, entry: Entry) -> None:
        """Put the people of an entry where it says, or say why not."""
        token, roll = entry.token, self.roll
        found = entry.lines if entry.lines is not None else roll.named(token.name, entry.notes)
        shown = token.name + "".join(f"（{note}）" for note in entry.notes)
        if not found:
            strange = [note for note in entry.notes if not words.SPECIFIC.match(note)]
            if strange and roll.knows(token.name):
                hint = HINTS["reason" if entry.part == "on_leave" else "several"]
                self.doubt(token, f"看不懂{token.name}后面的“{strange[0]}”", hint, shown)
            else:
                self.doubt(token, f"应到人员中没有 {shown}", HINTS["several"], shown)
            return
        if unclear(found):
            name = found[0].name
            message = f"应到人员中有 {len(found)} 位 {name}，请写明组别、选区或序号，如：{name}（第2组）"
            if len({line.person_id for line in found}) == 1:
                message = f"{name} 有多个代表职务，请写明层级，如：{name}（县级）"
            self.doubt(token, message, HINTS["several"], shown, tuple(map(Candidate.from_line, found)))
            return
        for line in found:
            self._put(entry, line)

    def _put(self, entry: Entry, line: Line) -> None:
        placed, id = self.reading.placed, line.deputyship_id
        if entry.presences and entry.part != "present":
            written = PARTS.get(entry.part or "", "除外")
            message = f"{line.name}写在“{written}”，却注明参加了一部分或者线上参加"
            self.doubt(entry.token, message, HINTS["half"])
        elif entry.part is None:
            self.reading.excepted.add(id)
        elif id in placed:
            there = "两次" if placed[id] == entry.part else f"在“{PARTS[placed[id]]}”"
            message = f"{line.name}写了两次" if there == "两次" else f"{line.name}已写{there}"
            self.doubt(entry.token, message, HINTS["place"])
        else:
            placed[id] = entry.part
            self.reading.reasons[id] = entry.reason
            self.reading.took_part([id], *entry.presences)

    def doubt(
        self, token: Token, message: str, hint: str, written: str = "", candidates: tuple[Candidate, ...] = ()
    ) -> None:
        line, column = position(self.text, token.start)
        self.spans[:] = [
            (start, end, "doubt" if start == token.start else kind) for start, end, kind in self.spans
        ]
        self.reading.doubts.append(
            Doubt(
                part=self.own,
                written=written or token.text,
                message=message,
                candidates=candidates,
                hint=hint,
                line=line,
                column=column,
                offset=token.start,
            )
        )
