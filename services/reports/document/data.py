"""A report as JSON: the form that a receipt's digest is of."""

from services.reports.domain import Report


def render_json(report: Report) -> bytes:
    return report.model_dump_json(indent=2).encode()
