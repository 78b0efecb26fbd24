"""Labels, findings and tables of a report in the words of the town's rank: 乡代表 in a 乡."""

from services.reports.domain import Report, Table
from services.reports.names import LEVELS
from services.reports.notation import ranked


def ranked_report(report: Report, rank: str) -> Report:
    """The report of a 乡, whose text is already so; that of a 镇 as it is."""
    if rank == "镇":
        return report
    figures = [f.model_copy(update={"label": ranked(f.label, rank)}) for f in report.figures]
    findings = [f.model_copy(update={"message": ranked(f.message, rank)}) for f in report.findings]
    expected = [e.model_copy(update={"label": ranked(e.label, rank)}) for e in report.expectations]
    values = {"figures": tuple(figures), "findings": tuple(findings), "expectations": tuple(expected)}
    return report.model_copy(update=values | {"tables": tuple(_table(t, rank) for t in report.tables)})


def _table(table: Table, rank: str) -> Table:
    """Caption, header, first column and levels; other cells hold records."""
    rows = tuple(tuple(_cell(n, cell, rank) for n, cell in enumerate(row)) for row in table.rows)
    header = tuple(ranked(cell, rank) for cell in table.header)
    return table.model_copy(update={"caption": ranked(table.caption, rank), "header": header, "rows": rows})


def _cell(column: int, text: str, rank: str) -> str:
    return ranked(text, rank) if not column or text in LEVELS.values() else text
