"""The report as documents: Word, a page, a workbook. Pure: a report goes in, bytes come out."""

from services.reports.document.docx import bookmark_name, render_docx
from services.reports.document.gbt9704 import check

__all__ = ["bookmark_name", "check", "render_docx"]
