"""What could not be applied is said in the report, by service and number."""

from services.reports.compiler import Head, compile_report
from services.reports.domain import Severity, Wording
from tests.unit.reports.book import Book


def test_every_service_with_parked_events_is_named() -> None:
    year = Book().year(2020, "2020-12-07")
    heads = [Head("roster", 1, "", {}), Head("activities", 1, "", {}, parked=3)]
    report = compile_report(year, heads, Wording(), id="report", parked=1)
    found = [finding for finding in report.findings if finding.rule == "events.parked"]
    assert [(finding.id, finding.severity) for finding in found] == [
        ("events.parked:activities", Severity.WARN),
        ("events.parked:reports", Severity.WARN),
    ]
    assert "“履职”服务有3件" in found[0].message
    assert "“总结”服务有1件" in found[1].message
