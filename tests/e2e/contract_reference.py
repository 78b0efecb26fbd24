"""The figures of a year computed a second time, line by line from the table of definitions, on what the client sent."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from tests.e2e.contract_book import Book, Mandate, Suggestion

SUPERVISION = ("inspection", "research", "law_check", "review")


@dataclass(frozen=True)
class Rate:
    numerator: int
    denominator: int


Expected = dict[str, int | Rate]


@dataclass(frozen=True)
class Reference:
    """One town, one year, one day to look back from."""

    book: Book
    year: int
    as_of: str

    def figures(self) -> Expected:
        return {
            **self.meetings(),
            **self.supervision(),
            **self.roster(),
            **self.training_and_groups(),
            **self.contact(),
            **self.suggestions(),
            **self.ratings(),
            **self.plan_and_changes(),
        }

    def in_period(self, day: str) -> bool:
        return f"{self.year}-01-01" <= day <= self.as_of

    def held(self, *kinds: str) -> list[dict[str, Any]]:
        return [
            a
            for a in self.book.activities
            if a["kind"] in kinds and not a["voided"] and self.in_period(a["held_on"])
        ]

    def persons(self, ids: Iterable[str]) -> set[str]:
        return {self.book.by_id(id).person for id in ids}

    def person_times(self, events: list[dict[str, Any]]) -> int:
        return sum(len(self.persons(e["attendance"]["present"])) for e in events)

    def town_deputies(self, day: str) -> list[Mandate]:
        return [m for m in self.book.mandates.values() if m.level == "town" and m.serving(day)]

    def expected(self, activity: dict[str, Any]) -> set[str]:
        if group := activity.get("group_id"):
            day = activity["held_on"]
            return {m.id for m in self.book.mandates.values() if m.serving(day) and m.group(day) == group}
        told = activity["attendance"]
        return {*told["present"], *told["absent"], *(leave["deputyship_id"] for leave in told["on_leave"])}

    def meetings(self) -> Expected:
        sessions = [s for s in self.book.sessions if self.in_period(s["held_on"])]
        presidium = [p for p in self.book.presidium if self.in_period(p["held_on"])]
        expected = present = 0
        for session in sessions:
            serving = {m.id for m in self.town_deputies(session["held_on"])}
            expected += len(serving)
            present += len(serving & set(session["attendance"]["present"]))
        return {
            "congress.sessions": len(sessions),
            "congress.reports_heard": sum(len(s["reports"]) for s in sessions),
            "congress.resolutions": sum(len(s["resolutions"]) for s in sessions),
            "congress.expected": expected,
            "congress.present": present,
            "congress.attendance_rate": Rate(present, expected),
            "presidium.meetings": len(presidium),
            "presidium.quarters_covered": len({(int(p["held_on"][5:7]) - 1) // 3 for p in presidium}),
            "presidium.topics": sum(len(p["topics"]) for p in presidium),
            "presidium.special_reports": sum(len(p["special_reports"]) for p in presidium),
            "presidium.opinions": sum(len(p["opinions"]) for p in presidium),
        }

    def supervision(self) -> Expected:
        return {
            "supervision.inspections": len(self.held("inspection")),
            "supervision.research": len(self.held("research")),
            "supervision.law_checks": len(self.held("law_check")),
            "supervision.reviews": len(self.held("review")),
            "supervision.person_times": self.person_times(self.held(*SUPERVISION)),
            "supervision.opinions": sum(a.get("opinions_count", 0) for a in self.held(*SUPERVISION)),
        }

    def roster(self) -> Expected:
        mandates = self.book.mandates.values()
        serving = [m for m in mandates if m.serving(self.as_of)]
        suspended = sum(m.level == "town" and m.suspended(self.as_of) for m in mandates)
        by_level = {level: sum(m.level == level for m in serving) for level in ("town", "county", "city")}
        return {
            "deputies.town.quota": self.book.quota,
            "deputies.town.serving": by_level["town"],
            "deputies.town.vacant": self.book.quota - by_level["town"] - suspended,
            "deputies.county.serving": by_level["county"],
            "deputies.city.serving": by_level["city"],
            "deputies.people": len({m.person for m in serving}),
            "deputies.women": len({m.person for m in serving if m.woman}),
            "groups.town": sum(level == "town" for _, level in self.book.groups.values()),
            "groups.upper": sum(level == "upper" for _, level in self.book.groups.values()),
            "stations.open": sum(on is None or on <= self.as_of for _, on in self.book.stations.values()),
        }

    def training_and_groups(self) -> Expected:
        trainings, groups = self.held("training"), self.held("group_activity")
        trained = self.persons(id for t in trainings for id in t["attendance"]["present"])
        town = {m.person for m in self.town_deputies(self.as_of)}
        expected = [self.expected(g) for g in groups]
        present = [
            len(due & set(g["attendance"]["present"])) for due, g in zip(expected, groups, strict=True)
        ]
        return {
            "training.times": len(trainings),
            "training.person_times": self.person_times(trainings),
            "training.people": len(trained),
            "training.coverage_rate": Rate(len(trained & town), len(town)),
            "group_activities.times": len(groups),
            "group_activities.person_times": self.person_times(groups),
            "group_activities.attendance_rate": Rate(sum(present), sum(len(due) for due in expected)),
        }

    def contact(self) -> Expected:
        receptions = self.held("reception")
        received = [o for o in self.book.opinions if self.in_period(o["received_on"])]
        closed = sum(o["state"] == "closed" and o.get("closed_on", "") <= self.as_of for o in received)
        return {
            "contact.receptions": len(receptions),
            "contact.deputy_times": self.person_times(receptions),
            "contact.voter_times": sum(r.get("voters_count", 0) for r in receptions),
            "contact.visits": len(self.held("visit")),
            "opinions.received": len(received),
            "opinions.closed": closed,
            "opinions.closed_rate": Rate(closed, len(received)),
        }

    def suggestions(self) -> Expected:
        raised = [s for s in self.book.suggestions.values() if self.in_period(s.raised_on)]
        assigned = [s for s in raised if s.assigned_on and s.assigned_on <= self.as_of]
        classes = [self.latest(s.replies) for s in assigned]
        results = [self.latest(s.ratings) for s in assigned]
        replied = sum(c is not None for c in classes)
        return {
            "suggestions.raised": len(raised),
            "suggestions.at_session": sum(s.raised_at == "session" for s in raised),
            "suggestions.between_sessions": sum(s.raised_at == "between" for s in raised),
            "suggestions.assigned": len(assigned),
            "suggestions.replied": replied,
            "suggestions.overdue": sum(self.overdue(s) for s in assigned),
            "suggestions.reply_rate": Rate(replied, len(assigned)),
            **{f"suggestions.class.{code}": classes.count(code) for code in "abcd"},
            "suggestions.satisfied": results.count("satisfied"),
            "suggestions.basically_satisfied": results.count("basically_satisfied"),
            "suggestions.dissatisfied": results.count("dissatisfied"),
        }

    def latest(self, acts: list[tuple[str, str]]) -> str | None:
        known = [said for on, said in acts if on <= self.as_of]
        return known[-1] if known else None

    def overdue(self, suggestion: Suggestion) -> bool:
        return (suggestion.due_on or "9") < self.as_of and self.latest(suggestion.replies) is None

    def ratings(self) -> Expected:
        held = [m for m in self.book.meetings.values() if m.published]
        period = [m for m in held if self.in_period(m.held_on)]
        shown = [m for m in period if not m.suppressed]
        term = {id for m in held if m.held_on <= self.as_of for id in m.deputyship_ids}
        town = {m.person for m in self.town_deputies(self.as_of)}
        found: Expected = {
            "ratings.meetings": len(period),
            "ratings.deputies": len({id for m in period for id in m.deputyship_ids}),
            "ratings.issued": sum(m.issued for m in period),
            "ratings.returned": sum(m.returned for m in period),
            "ratings.valid": sum(m.returned - m.void for m in period),
            "ratings.term_coverage_rate": Rate(len(self.persons(term) & town), len(town)),
        }
        for id, wanted in (
            ("ratings.satisfied_rate", ["satisfied"]),
            ("ratings.satisfied_or_basically_rate", ["satisfied", "basically_satisfied"]),
        ):
            rows = [
                (counts, m.options)
                for m in shown
                if set(wanted) <= set(m.options)
                for counts in m.counts.values()
            ]
            found[id] = Rate(
                sum(counts.get(code, 0) for counts, _ in rows for code in wanted),
                sum(counts.get(code, 0) for counts, options in rows for code in options),
            )
        return found

    def plan_and_changes(self) -> Expected:
        due = [i for i in self.book.plan_items if i["due_on"] <= self.as_of and i["state"] != "cancelled"]
        done = sum(i["state"] == "done" and i["done_on"] <= self.as_of for i in due)
        mandates = self.book.mandates.values()
        return {
            "plan.items": len(due),
            "plan.done": done,
            "plan.done_rate": Rate(done, len(due)),
            "changes.by_elected": sum(m.by_election and self.in_period(m.started_on) for m in mandates),
            "changes.ended": sum(m.ended_on is not None and self.in_period(m.ended_on) for m in mandates),
        }


def differences(expected: Expected, figures: dict[str, dict[str, Any]]) -> list[str]:
    """Where a report says otherwise, in words."""
    found = []
    for id, wanted in expected.items():
        figure = figures.get(id)
        if figure is None:
            found.append(f"{id}: not in the report")
        elif isinstance(wanted, int):
            if figure["value"] != wanted or figure["status"] != ("value" if wanted else "zero"):
                found.append(f"{id}: {figure['value']} ({figure['status']}), expected {wanted}")
        elif wanted.denominator == 0:
            if figure["status"] != "not_applicable" or figure["value"] is not None:
                found.append(f"{id}: {figure['value']} ({figure['status']}), expected none")
        elif (figure["numerator"], figure["denominator"]) != (wanted.numerator, wanted.denominator):
            found.append(f"{id}: {figure['numerator']}/{figure['denominator']}, expected {wanted}")
        elif abs(float(figure["value"]) - wanted.numerator / wanted.denominator) > 5e-4:
            found.append(f"{id}: {figure['value']}, expected {wanted}")
    return found
