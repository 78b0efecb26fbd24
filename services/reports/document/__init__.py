"""The report as documents: Word, a page, a workbook. Pure: a report goes in, bytes come out."""

from services.reports.document.docx import bookmark_name, render_docx
from services.reports.document.gbt9704 import check
from services.reports.document.html import CONTENT_SECURITY_POLICY, render_html
from services.reports.document.xlsx import render_xlsx

__all__ = ["CONTENT_SECURITY_POLICY", "bookmark_name", "check", "render_docx", "render_html", "render_xlsx"]
