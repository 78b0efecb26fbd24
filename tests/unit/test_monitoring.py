"""Alert rules and dashboard: every expression is PromQL over metrics and labels that the services expose."""

import json
import re
from collections.abc import Iterator
from typing import Any

import promql_parser
import pytest
import yaml

from scripts.reference import exposed, families, family_of, labels
from services.host.installation import SERVICES
from services.host.standalone import services
from shared.observability.metrics import expose
from shared.settings import Settings
from tests.architecture.sources import ROOT

MONITORING = ROOT / "docs" / "monitoring"
RULES = yaml.safe_load((MONITORING / "alerts.yml").read_text("utf-8"))["groups"][0]["rules"]
PANELS = json.loads((MONITORING / "dashboard.json").read_text("utf-8"))["panels"]
EXPRESSIONS = [rule["expr"] for rule in RULES] + [
    target["expr"] for panel in PANELS for target in panel["targets"]
]
BY_PROMETHEUS = {"up": {"job", "instance"}}


def known() -> dict[str, set[str]]:
    """The labels of every series, by name; `le` is that of buckets."""
    services(Settings())
    of_process = re.findall(r"^# TYPE ((?:process|python)_\w+)", expose("")[0].decode(), re.MULTILINE)
    series = BY_PROMETHEUS | {name: set() for name in of_process}
    for metric in families():
        own = set(labels(metric))
        name = exposed(metric)
        if family_of(metric).type == "histogram":
            series |= {f"{name}_bucket": own | {"le"}, f"{name}_count": own, f"{name}_sum": own}
        else:
            series[name] = own
    return series


def faults(expression: str) -> Iterator[str]:
    """What an expression names that nobody exposes."""
    yield from _walk(promql_parser.parse(expression), known())[1]


def _walk(node: Any, series: dict[str, set[str]]) -> tuple[set[str], list[str]]:
    """The labels of what a part yields, and its faults."""
    node = getattr(node, "vector_selector", node)
    if isinstance(node, promql_parser.VectorSelector):
        if (name := node.name) not in series:
            return set(), [f"no metric {name}"]
        asked = {matcher.name for matcher in node.matchers.matchers}
        return series[name], [f"{name} has no label {label}" for label in asked - series[name] - {"job"}]
    below = [getattr(node, part) for part in ("expr", "lhs", "rhs") if hasattr(node, part)]
    walked = [_walk(part, series) for part in (*below, *getattr(node, "args", ()))]
    there = set[str]().union(*(some for some, _ in walked))
    wrong = [fault for _, some in walked for fault in some]
    if (modifier := getattr(node, "modifier", None)) is not None and hasattr(modifier, "labels"):
        wrong += [f"no label {label} to group by" for label in set(modifier.labels) - there if not wrong]
        there &= set(modifier.labels)
    return there, wrong


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_an_expression_names_what_is_exposed(expression: str) -> None:
    assert list(faults(expression)) == []


@pytest.mark.parametrize(
    ("expression", "fault"),
    [
        ("dead_leters > 0", "no metric dead_leters"),
        ('dead_letters{town="1"}', "dead_letters has no label town"),
        ("max by (town) (dead_letters)", "no label town to group by"),
        ("sum by (le) (rate(http_server_request_duration_seconds_count[5m]))", "no label le to group by"),
    ],
)
def test_a_name_nobody_exposes_is_found(expression: str, fault: str) -> None:
    assert list(faults(expression)) == [fault]


def test_the_manual_scrapes_every_service_in_the_one_job_of_the_alerts() -> None:
    """Prometheus refuses two jobs of one name; `up` of another job would be nobody's."""
    page = (ROOT / "docs" / "operating.md").read_text("utf-8")
    block = next(
        block for block in re.findall(r"```yaml\n(.*?)```", page, re.DOTALL) if "scrape_configs" in block
    )
    (job,) = yaml.safe_load(block)["scrape_configs"]
    assert {rule["expr"] for rule in RULES if rule["expr"].startswith("up{")} == {
        f'up{{job="{job["job_name"]}"}} == 0'
    }
    (found,), (path,) = job["dns_sd_configs"], job["relabel_configs"]
    assert (set(found["names"]), found["type"], found["port"]) == (set(SERVICES), "A", 8080)
    assert path == {
        "source_labels": ["__meta_dns_name"],
        "target_label": "__metrics_path__",
        "replacement": "/$1/metrics",
    }


def test_what_each_replica_says_of_itself_is_not_summed() -> None:
    """With partitions every replica leads; with one, a replica that does not lead is no trouble."""
    summed = re.compile(r"sum[^()]*(\([^()]*\))? \((relay_leading|task_up|dependency_up)")
    assert [rule["expr"] for rule in RULES if summed.search(rule["expr"])] == []
    (relays,) = [rule["expr"] for rule in RULES if "relay_leading" in rule["expr"]]
    assert relays == "max by (service) (relay_leading) == 0"


def test_an_alert_leads_to_a_heading_of_the_runbook() -> None:
    page = (ROOT / "docs" / "runbook.md").read_text("utf-8")
    anchors = set(re.findall(r'<a id="([\w-]+)"></a>\n## ', page))
    assert {rule["annotations"]["runbook"] for rule in RULES} <= anchors


def test_what_an_alert_says_are_labels_it_has() -> None:
    for rule in RULES:
        there, _ = _walk(promql_parser.parse(rule["expr"]), known())
        said = set(re.findall(r"\$labels\.(\w+)", rule["annotations"]["summary"]))
        assert said <= there | {"instance"}, rule["alert"]


def test_every_metric_of_trouble_has_an_alert() -> None:
    """Those that count how much there is to do are for the dashboard alone."""
    asked = set(re.findall(r"[a-z_]{4,}", " ".join(rule["expr"] for rule in RULES)))
    shown = set(re.findall(r"[a-z_]{4,}", " ".join(EXPRESSIONS)))
    names = {exposed(metric) for metric in families()}
    assert names - asked == {
        *("events_applied_total", "events_published_total", "events_parked_total"),
        *("outbox_unpublished_events", "inbox_lag_events", "http_server_request_duration_seconds"),
        *("webhook_attempts_total", "webhook_pending_deliveries"),
    }
    assert names - shown == {"http_server_request_duration_seconds"}
