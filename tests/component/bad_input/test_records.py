"""What the rules of each service refuse: ids that stay unknown, impossible dates, contradictions, impossible counts."""

from typing import Any

import pytest

from tests.component.bad_input.conftest import Bad, Desk

pytestmark = pytest.mark.mongo
WORD = {"Content-Type": "application/vnd.openxmlformats-officedocument.wordprocessingml.document"}
TWO_MANDATES = ("d1", "d7")
"""Of one person."""


async def test_roster(roster: Desk) -> None:
    ids = roster.ids
    person, group, station = ids["person"], f"/groups/{ids['group']}", f"/stations/{ids['station']}"
    serving, over = f"/deputyships/{ids['serving']}", f"/deputyships/{ids['over']}"

    def deputyship(label: str, at: str, code: str = "invalid-input", **fields: Any) -> Bad:
        body = {"person_id": person, "level": "town", "started_on": "2017-01-10", **fields}
        return Bad(label, "POST", "/deputyships", body, code=code, at=at)

    ended: dict[str, Any] = {"status": "ended", "ended_on": "2020-05-01", "ended_reason": "died"}
    early, dayless, reasonless = {"ended_on": "2017-01-09"}, {"ended_on": None}, {"ended_reason": None}
    died = {"reason": "died"}
    await roster.all_refused(
        [
            deputyship("nobody", "body.person_id", person_id="nobody"),
            deputyship("a person of another town", "body.person_id", person_id=ids["stranger"]),
            deputyship("endless id", "body.person_id", person_id="x" * 101),
            deputyship("no group", "body.group_id", group_id="none"),
            deputyship("a role twice", "body.roles", roles=["chair", "presidium", "chair"]),
            deputyship("an unknown role", "body.roles.0", roles=["king"]),
            deputyship("ended before it began", "body.ended_on", "impossible-date", **{**ended, **early}),
            deputyship("ended without a day", "body.ended_on", **{**ended, **dayless}),
            deputyship("ended without a reason", "body.ended_reason", **{**ended, **reasonless}),
            deputyship("serving with an end", "body.ended_on", ended_on="2020-05-01"),
            deputyship("suspended at entry", "body.status", status="suspended"),
            Bad("ends before it began", "POST", f"{serving}:end", {**died, "on": "2017-01-09"}, 422, "impossible-date",
                "body.on"),
            Bad("ends twice", "POST", f"{over}:end", {**died, "on": "2020-06-01"}, 409, "wrong-status"),
            Bad("resumes unsuspended", "POST", f"{serving}:resume", {"on": "2020-06-01"}, 409, "wrong-status"),
            Bad("suspended after the end", "POST", f"{over}:suspend",
                {"reason": "serving_sentence", "on": "2020-06-01"}, 409, "wrong-status"),
            Bad("begun after its end", "PATCH", over, {"started_on": "2020-05-02"}, 422, "impossible-date",
                "body.started_on"),
            *(Bad(f"{field} emptied", "PATCH", serving, {field: None}, at=f"body.{field}")
              for field in ("started_on", "started_by", "roles")),
            *(Bad(f"group's {field} emptied", "PATCH", group, {field: None}, at=f"body.{field}")
              for field in ("number", "level", "rules")),
            Bad("group over before it was", "PATCH", group, {"dissolved_on": "2017-01-31"}, 422, "impossible-date",
                "body.dissolved_on"),
            Bad("new group over before it was", "POST", "/groups",
                {"number": 2, "formed_on": "2020-01-02", "dissolved_on": "2020-01-01"}, 422, "impossible-date",
                "body.dissolved_on"),
            Bad("a number twice", "POST", "/groups", {"number": 1}, 409, "group-exists"),
            Bad("a leader nobody knows", "PATCH", group, {"leader_deputyship_id": "x"}, at="body.leader_deputyship_id"),
            Bad("closed before opened", "PATCH", station, {"closed_on": "2018-04-30"}, 422, "impossible-date",
                "body.closed_on"),
            Bad("a name twice", "POST", "/stations", {"name": "第一活动室"}, 409, "station-exists"),
            *(Bad(f"ID {number[-2:]}", "POST", "/people", {"name": "丁", "id_number": number}, at="body.id_number")
              for number in ("34022519800101123", "٣" * 17 + "X", "34022519800101123Y", "340225 19800101123")),
            Bad("phone", "POST", "/people", {"name": "丁", "phone": "一三九"}, at="body.phone"),
            Bad("rules nested deep", "PATCH", "", {"rules": {"a": [[[[[[[[[[[1]]]]]]]]]]]}}, at="body.rules"),
            Bad("rules with a number too large", "PATCH", "", {"rules": {"a": [2**53]}}, at="body.rules.a.0"),
            Bad("no such day", "GET", "/deputies?as_of=2020-02-30", at="query.as_of"),
        ]
    )  # fmt: skip


def sheet(
    label: str, at: str, code: str = "attendance-faulty", held_on: str = "2020-06-09", **attendance: Any
) -> Bad:
    """An activity with this attendance."""
    body = {"kind": "visit", "held_on": held_on, "attendance": attendance}
    return Bad(label, "POST", "/activities", body, code=code, at=f"body.attendance.{at}")


SHEETS = [
    sheet("a deputyship twice", "present.1", present=["d1", "d1"]),
    sheet("present and absent", "absent.0", present=["d1", "d2"], absent=["d2"]),
    sheet("on leave and absent", "absent.0", on_leave=[{"deputyship_id": "d1", "reason": "illness"}], absent=["d1"]),
    sheet("on leave twice", "on_leave.1.deputyship_id", on_leave=[{"deputyship_id": "d1"}, {"deputyship_id": "d1"}]),
    sheet("one person present and absent", "absent.0", present=[TWO_MANDATES[0]], absent=[TWO_MANDATES[1]]),
    sheet("one person present and on leave", "on_leave.0.deputyship_id", present=["d7"],
          on_leave=[{"deputyship_id": "d1", "reason": "family"}]),
    sheet("nobody", "present.1", "reference-unknown", present=["d1", "nobody"]),
    sheet("a person, not a deputyship", "present.0", "reference-unknown", present=["p1"]),
    sheet("a deputy of another town", "absent.0", "reference-unknown", absent=["d99"]),
    sheet("ended that very day", "present.0", held_on="2020-05-01", present=["d8"]),
    sheet("before the mandate began", "present.1", held_on="2017-01-09", present=["d8", "d1"]),
    sheet("a reason nobody gives", "on_leave.0.reason", "invalid-input",
          on_leave=[{"deputyship_id": "d1", "reason": "fishing"}]),
    sheet("what he is ill with", "on_leave.0.note", "invalid-input",
          on_leave=[{"deputyship_id": "d1", "reason": "illness", "note": "x"}]),
    sheet("names instead of lists", "present", "invalid-input", present="d1"),
    sheet("a thousand and one names", "absent", "invalid-input", absent=[f"x{n}" for n in range(1001)]),
]  # fmt: skip


async def test_attendance(activities: Desk) -> None:
    await activities.all_refused(SHEETS)


async def test_one_person_named_by_two_mandates_is_kept_and_expected_as_named(activities: Desk) -> None:
    """Whoever names both is not contradicted; the reports count the person once."""
    body = {"kind": "visit", "held_on": "2020-06-09", "attendance": {"present": list(TWO_MANDATES)}}
    assert (await activities.driver.post("/activities", body))["expected"] == list(TWO_MANDATES)


async def test_meetings(activities: Desk) -> None:
    everyone = [f"d{n}" for n in range(1, 7)]

    def session(label: str, at: str, code: str, status: int = 422, **fields: Any) -> Bad:
        body = {"congress_number": 17, "session_number": 8, "held_on": "2020-06-09", **fields}
        return Bad(label, "POST", "/sessions", body, status, code, at)

    await activities.all_refused(
        [
            session("the county's deputy", "body.attendance.present.6", "attendance-faulty",
                    attendance={"present": [*everyone, "d7"]}),
            session("fewer than two thirds", "body.attendance.present", "quorum-missed",
                    attendance={"present": everyone[:3]}),
            session("closed before opened", "body.ended_on", "dates-out-of-order", ended_on="2020-06-08"),
            session("elected by a minority", "body.elections.0.votes", "majority-missed",
                    elections=[{"post": "主席", "name": "王示例01", "votes": 3}]),
            session("votes below nothing", "body.resolutions.0.votes", "invalid-input",
                    resolutions=[{"title": "决议", "votes": -1}]),
            session("the same session again", "", "session-exists", 409, session_number=7),
            session("session nought", "body.session_number", "invalid-input", session_number=0),
            session("the day moved away from the deputies", "body.attendance.present.0", "attendance-faulty",
                    held_on="2016-06-09", attendance={"present": everyone}),
            Bad("no such day of a decision", "POST", "/presidium_meetings",
                {"number": 1, "held_on": "2020-03-15", "decisions": [{"text": "视察", "due_on": "2020-02-30"}]},
                at="body.decisions.0.due_on"),
        ]
    )  # fmt: skip


async def test_activities(activities: Desk) -> None:
    ids = activities.ids
    plan, item = f"/plans/{ids['plan']}", ids["item"]
    suggestion, void = f"/suggestions/{ids['suggestion']}", f"/activities/{ids['activity']}"

    def entry(label: str, path: str, at: str, code: str = "invalid-input", **fields: Any) -> Bad:
        known: dict[str, dict[str, Any]] = {
            "/activities": {"kind": "visit", "held_on": "2020-05-01"},
            "/opinions": {"received_on": "2020-04-15"},
            "/suggestions": {"number": 2, "raised_on": "2020-06-09", "title": "增设路灯"},
            "/plans": {"year": 2020},
        }
        return Bad(label, "POST", path, {**known[path], **fields}, code=code, at=f"body.{at}")

    closed = {"state": "closed", "closed_on": "2020-04-14"}
    await activities.all_refused(
        [
            entry("a group nobody knows", "/activities", "group_id", group_id="g9"),
            entry("a station nobody knows", "/activities", "station_id", station_id="none"),
            entry("an item of no plan", "/activities", "plan_item_id", "reference-unknown", plan_item_id="none"),
            entry("a kind nobody knows", "/activities", "kind", kind="party"),
            entry("closed before received", "/opinions", "closed_on", "dates-out-of-order", **closed),
            entry("answered, yet closed", "/opinions", "closed_on", "dates-out-of-order", state="answered",
                  closed_on="2020-04-20"),
            entry("heard by nobody", "/opinions", "deputyship_id", deputyship_id="nobody"),
            entry("an endless opinion", "/opinions", "text", text="长" * 10_001),
            entry("a session nobody held", "/suggestions", "session_id", "reference-unknown", session_id="none"),
            entry("seconded twice by one", "/suggestions", "co_deputyship_ids.1", co_deputyship_ids=["d1", "d1"]),
            entry("led by nobody", "/suggestions", "lead_deputyship_id", lead_deputyship_id="nobody"),
            entry("an item of another plan", "/plans", "items.0.id", "reference-unknown",
                  items=[{"id": item, "title": "视察"}]),
            Bad("an item twice", "PATCH", plan, {"items": [{"id": item, "title": "视察"}] * 2}, 422,
                "reference-unknown", "body.items.1.id"),
            Bad("done by nothing", "POST", f"{plan}/items/{item}:done", {"activity_id": "none"}, 422,
                "reference-unknown", "body.activity_id"),
            Bad("done by what was void", "POST", f"{plan}/items/{item}:done", {"activity_id": ids["activity"]}, 422,
                "reference-unknown", "body.activity_id"),
            Bad("no item", "POST", f"{plan}/items/none:cancelled", {"reason": "疫情"}, 404, "not-found"),
            Bad("void twice", "POST", f"{void}:void", {"reason": "又"}, 409, "activity-voided"),
            Bad("void for no reason", "POST", f"{void}:void", {"reason": " "}, at="body.reason"),
            Bad("changed when void", "PATCH", void, {"title": "又"}, 409, "activity-voided"),
            Bad("replied before assigned", "POST", f"{suggestion}:reply", {"on": "2020-07-01"}, 409, "wrong-state"),
            Bad("rated before replied", "POST", f"{suggestion}:rate", {"result": "satisfied"}, 409, "wrong-state"),
            Bad("undone when nothing was done", "POST", f"{suggestion}:undo", {}, 409, "wrong-state"),
            Bad("assigned before raised", "POST", f"{suggestion}:assign", {"unit": "镇办", "on": "2020-06-08"}, 422,
                "dates-out-of-order", "body.on"),
            Bad("assigned at the end of time", "POST", f"{suggestion}:assign", {"unit": "镇办", "on": "9999-12-31"},
                at="body.on"),
        ]
    )  # fmt: skip


async def test_deadlines_of_a_pack_that_cannot_be_meant(activities: Desk) -> None:
    """The pack is the roster's; a number of months that leads out of the calendar counts as not written."""
    pack = {"id": "340281199", "version": 2, "rules": {"reply_months": 10**9}}
    await activities.driver.says("roster.town.changed.v1", pack)
    path = f"/suggestions/{activities.ids['suggestion']}:assign"
    assigned = await activities.driver.post(path, {"unit": "镇办", "on": "2020-06-15"})
    assert assigned["due_on"] == "2020-09-15"


async def test_ratings(ratings: Desk) -> None:
    ids = ratings.ids

    def scheme(label: str, at: str, code: str = "scheme-unfit", **fields: Any) -> Bad:
        return Bad(label, "POST", "/schemes", {"name": "办法", **fields}, code=code, at=f"body.{at}")

    def meeting(label: str, at: str, code: str = "invalid-input", **fields: Any) -> Bad:
        body = {"held_on": "2020-12-03", "scheme_id": ids["scheme"], "deputyship_ids": ["d1"], **fields}
        return Bad(label, "POST", "/meetings", body, code=code, at=f"body.{at}")

    good, fair = {"code": "satisfied", "label": "满意"}, {"code": "fair", "label": "一般"}
    nameless, dear = {**fair, "label": " "}, {**good, "points": 2**40}
    point = f"/meetings/{ids['open']}"
    await ratings.all_refused(
        [
            scheme("an option twice", "options.1.code", options=[good, good]),
            scheme("a code MongoDB reads", "options.1.code", "invalid-input", options=[good, {**fair, "code": "$inc"}]),
            scheme("an option without a word", "options.1.label", "invalid-input", options=[good, nameless]),
            scheme("abstaining as an option", "options.1.code", options=[good, {**fair, "code": "abstain"}]),
            scheme("points beyond count", "options.0.points", "invalid-input", options=[dear, fair]),
            scheme("lines beyond count", "thresholds.0", "invalid-input", thresholds=[2**40]),
            scheme("raters beyond count", "min_raters", "invalid-input", min_raters=2**40),
            scheme("published from nobody", "min_published", "invalid-input", min_published=0),
            meeting("a deputy twice", "deputyship_ids.1", "unacceptable", deputyship_ids=["d1", "d1"]),
            meeting("a deputy nobody knows", "deputyship_ids", deputyship_ids=["d1", "nobody"]),
            meeting("a scheme nobody knows", "scheme_id", scheme_id="none"),
            meeting("invited beyond count", "invited", invited=2**40),
            Bad("published before closed", "POST", f"{point}:publish", {}, 409, "meeting-state"),
            Bad("closed before counted", "POST", f"{point}:close", {}, 409, "counts-incomplete"),
            Bad("opened twice", "POST", f"{point}:open", {}, 409, "meeting-state"),
            Bad("revoked before published", "POST", f"{point}:revoke", {"reason": "错"}, 409, "meeting-state"),
            Bad("sealed", "GET", f"{point}/results", None, 409, "results-sealed"),
            Bad("slips for paper", "POST", f"{point}/codes", {"count": 5}, 422, "method-unsupported"),
            Bad("slips at a strange address", "POST", f"{point}/codes", {"count": 5, "base_url": "javascript:1"},
                at="body.base_url"),
            Bad("a report at no meeting", "POST", "/duty_reports", {"meeting_id": "none", "deputyship_id": "d1"},
                at="body.meeting_id"),
            Bad("a report by another", "POST", "/duty_reports", {"meeting_id": ids["open"], "deputyship_id": "d3"}, 422,
                "unacceptable", "body.deputyship_id"),
            Bad("a report twice", "POST", "/duty_reports", {"meeting_id": ids["open"], "deputyship_id": "d1"}, 409,
                "duty-report-filed"),
        ]
    )  # fmt: skip


async def test_counts(ratings: Desk) -> None:
    path = f"/meetings/{ratings.ids['open']}/counts"
    row = {"satisfied": 8, "basically_satisfied": 1, "dissatisfied": 1}
    sheet = {"entry": 1, "issued": 12, "returned": 10, "void": 0, "counts": {"d1": row, "d2": row}}

    def counted(label: str, at: str, code: str = "counts-unbalanced", **changes: Any) -> Bad:
        return Bad(label, "POST", path, {**sheet, **changes}, code=code, at=f"body.{at}", roles=("teller",))

    def first(**changes: Any) -> dict[str, Any]:
        return {"d1": {**row, **changes}, "d2": row}

    huge = 2**62
    draft = f"/meetings/{ratings.ids['draft']}/counts"
    await ratings.all_refused(
        [
            counted("an option nobody has", "counts.d1.excellent", counts=first(excellent=0)),
            counted("a deputy not reporting", "counts.d3", counts={**first(), "d3": row}),
            counted("a deputy left out", "counts.d2", counts={"d1": row}),
            counted("a sum that is short", "counts.d1", counts=first(satisfied=7)),
            counted("a sum that is over", "counts.d1", counts=first(abstain=1)),
            counted("more returned than issued", "returned", returned=13),
            counted("more void than returned", "void", void=11),
            counted("below nothing", "counts.d1.satisfied", "invalid-input", counts=first(satisfied=-1)),
            counted("half a vote", "counts.d1.satisfied", "invalid-input", counts=first(satisfied=7.5)),
            counted("as text", "counts.d1.satisfied", "invalid-input", counts=first(satisfied="8")),
            counted("beyond 64 bits", "issued", "invalid-input", issued=2**64),
            counted(
                "beyond count",
                "counts.d1.satisfied",
                "invalid-input",
                issued=huge,
                counts=first(satisfied=huge),
            ),
            counted("a third entry", "entry", "invalid-input", entry=3),
            Bad("before the opening", "POST", draft, sheet, 409, "meeting-state", roles=("teller",)),
            Bad("by the office", "POST", path, sheet, 403, "forbidden"),
        ]
    )


async def test_reports(reports: Desk) -> None:
    year, report = "/years/2020", "/years/2020/report"
    settings, closings = f"{year}/settings", f"{year}/closings"
    county: Any = {"roles": ("county",), "area": "340281"}
    await reports.all_refused(
        [
            Bad("a day of another year", "POST", closings, {"as_of": "2019-12-31"}, 422, "impossible-day",
                "body.as_of"),
            Bad("no such day", "POST", closings, {"as_of": "2020-02-30"}, at="body.as_of"),
            Bad("a number as day", "POST", closings, {"as_of": 20201207}, at="body.as_of"),
            Bad("no such year", "POST", "/years/0000/closings", {}, 404, "not-found"),
            Bad("a year before the calendar", "POST", "/years/0001/closings", {}, 404, "not-found"),
            Bad("no such half", "POST", "/periods/2020-H3/closings", {}, 404, "no-period"),
            Bad("days that are none", "POST", "/periods/2020-02-30--2020-03-01/closings", {}, 404, "no-period"),
            Bad("a term the roster does not know", "POST", "/periods/term-99/closings", {}, 404, "no-period"),
            Bad("a day outside the half", "POST", "/periods/2020-H1/closings", {"as_of": "2020-07-01"}, 422,
                "impossible-day", "body.as_of"),
            Bad("a field too many", "POST", "/periods/2020-H1/closings", {"from": "2020-01-01"}, at="body.from"),
            Bad("a period without report", "GET", "/periods/2020-H1/report", None, 404, "no-report"),
            Bad("closed by the county", "POST", "/periods/2020-H1/closings", {}, 403, "forbidden", **county),
            Bad("an unknown closing", "GET", f"{closings}/none", None, 404, "no-report"),
            Bad("an outline nobody wrote", "PUT", settings, {"outline": "ZZ"}, at="body.outline"),
            Bad("a session of no number", "PUT", settings, {"session_number": 0}, at="body.session_number"),
            Bad("a session in words", "PUT", settings, {"session_number": "八"}, at="body.session_number"),
            Bad("a path as outline", "PUT", settings, {"outline": "../a"}, at="body.outline"),
            Bad("words for no part", "PUT", settings, {"paragraphs": {"weather": ["晴"]}},
                at="body.paragraphs.weather"),
            Bad("an endless paragraph", "PUT", settings, {"plans": ["长" * 10_001]}, at="body.plans.0"),
            Bad("a paragraph nobody wrote", "PATCH", f"{year}/paragraphs/none", {"text": "改"}, 404, "no-paragraph"),
            Bad("no Word file", "PUT", f"{year}/wording", data=b"text", headers=WORD, code="document-unfit"),
            Bad("an empty file", "PUT", f"{year}/wording", data=b"", headers=WORD, status=400, code="malformed"),
            Bad("wording by the county", "PUT", f"{year}/wording", data=b"text", headers=WORD, status=403,
                code="forbidden", **county),
            Bad("a wish nobody knows", "PUT", f"{year}/wording?force=true", data=b"text", headers=WORD,
                at="query.force"),
            Bad("wording of no report", "PUT", "/years/1999/wording", data=b"text", headers=WORD, status=404,
                code="no-report"),
            Bad("no wording without report", "GET", "/years/1999/wording", None, 404, "no-report"),
            Bad("a figure nobody defined", "GET", f"{year}/figures/none", None, 404, "no-figure"),
            Bad("no such version", "GET", f"{report}?version=99", None, 404, "no-report"),
            Bad("version nought", "GET", f"{report}.docx?version=0", at="query.version"),
            Bad("a year without report", "GET", "/years/1999/report", None, 404, "no-report"),
            Bad("submitted before approved", "POST", f"{report}:submit", {}, 409, "wrong-status"),
            Bad("accepted before submitted", "POST", f"{report}:accept", {}, 409, "wrong-status", **county),
            Bad("accepted by the town", "POST", f"{report}:accept", {}, 403, "forbidden"),
            Bad("returned for no reason", "POST", f"{report}:return", {"reasons": [" "]}, at="body.reasons.0",
                **county),
            Bad("approved at another version", "POST", f"{report}:approve", {}, 412, "stale-version",
                headers={"If-Match": '"99"'}),
            Bad("another county", "GET", "//reports/v1/areas/340282/years/2020", None, 404, "not-found", **county),
            Bad("another town's report", "GET", report, None, 404, "not-found", area="340281200"),
        ]
    )  # fmt: skip
