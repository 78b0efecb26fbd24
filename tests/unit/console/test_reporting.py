"""Where a finding or a figure leads: to the list in which what it speaks of is recorded."""

import pytest

from services.console.menu import COUNTY, OFFICE, READERS
from services.console.pages import PAGES
from services.console.pages.desk import record_path
from services.console.pages.reporting import LIST_OF, LISTS, OF_THE_OFFICE, list_of
from services.reports.checks.rules import RULES
from services.reports.figures import BY_ID
from services.roster.domain.law import RULES as ROSTER_RULES

IDS = {norm.id for rules in (RULES, ROSTER_RULES) for norm in rules.all} | BY_ID.keys()


def test_every_rule_and_figure_has_a_list_and_every_entry_a_rule_or_figure() -> None:
    heads = {id.partition(".")[0] for id in IDS}
    assert {id for id in IDS if not {id, id.partition(".")[0]} & LIST_OF.keys()} == set()
    assert LIST_OF.keys() - heads - IDS == set()


@pytest.mark.parametrize(
    ("rule", "path"),
    [
        ("records.no_town", "/town"),
        ("records.none", "/activities"),
        ("group.plan:3", "/groups"),
        ("by_election.short", "/changes"),
        ("terms.over", "/terms"),
        ("office.overspent", "/terms"),
        ("people.duplicate", "/deputies"),
        ("constituency.sum", "/constituencies"),
        ("tasks.open", "/changes"),
        ("events.parked", "/troubles"),
        ("wording.unbound", "/report"),
        ("report.letterhead", "/report/2020/settings"),
    ],
)
def test_a_finding_leads_to_where_it_is_mended(rule: str, path: str) -> None:
    assert list_of(rule, 2020, roles=OFFICE)[0] == path


def test_nobody_is_led_to_a_page_of_others() -> None:
    served = {page.path: page.roles for page in PAGES if page.method == "GET"}
    for path, _, ids in LISTS:
        roles = served[path.replace("/report/", "/report/{year:[0-9]{4}}/")]
        assert roles is not None
        assert roles >= READERS or (path in OF_THE_OFFICE and roles == OFFICE), path
        for id in ids.split():
            assert bool(list_of(id, 2020, roles=COUNTY)[0]) == (roles >= READERS)


@pytest.mark.parametrize(
    ("noun", "office", "county"),
    [("task", "/tasks/1", "/changes"), ("town", "/town", "/report"), ("office", "/offices/1", "/offices/1")],
)
def test_a_record_has_a_page_for_whoever_reads(noun: str, office: str, county: str) -> None:
    assert (record_path(f"{noun}/1", OFFICE), record_path(f"{noun}/1", COUNTY)) == (office, county)
