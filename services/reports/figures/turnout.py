"""Persons at one event, by what is recorded of them."""

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Turnout:
    """Persons at one event. expected = present + on_leave + absent + not_recorded; `others` came unexpected; of all
    who came, some took part `online` or for a part of the time."""

    expected: frozenset[str]
    present: frozenset[str]
    on_leave: frozenset[str]
    absent: frozenset[str]
    not_recorded: frozenset[str]
    others: frozenset[str]
    recorded: bool
    online: frozenset[str] = frozenset()
    half_day: frozenset[str] = frozenset()

    @property
    def attended(self) -> frozenset[str]:
        """Persons who came, expected or not."""
        return self.present | self.others

    def among(self, persons: frozenset[str]) -> "Turnout":
        """The turnout of these persons alone."""
        parts = {name: part & persons for name, part in vars(self).items() if name != "recorded"}
        return replace(self, **parts)
