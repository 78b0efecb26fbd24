"""Renderers of reports and duty files: Word, HTML, workbook. Pure functions that return bytes."""

from pathlib import Path

from services.reports.document.archive import zipped
from services.reports.document.csv import board_csv_metadata, render_board_csv
from services.reports.document.data import render_json
from services.reports.document.docx import bookmark_name, render_area_docx, render_check_docx, render_docx
from services.reports.document.files import render_file_docx, render_file_html
from services.reports.document.gapless import gapless
from services.reports.document.gbt9704 import check
from services.reports.document.html import CONTENT_SECURITY_POLICY, render_board_html, render_html
from services.reports.document.xlsx import render_xlsx

# For FONTCONFIG_FILE of the PDF converter.
FONTS = Path(__file__).with_name("fonts.conf")

__all__ = [
    "CONTENT_SECURITY_POLICY",
    "FONTS",
    "board_csv_metadata",
    "bookmark_name",
    "check",
    "gapless",
    "render_area_docx",
    "render_board_csv",
    "render_board_html",
    "render_check_docx",
    "render_docx",
    "render_file_docx",
    "render_file_html",
    "render_html",
    "render_json",
    "render_xlsx",
    "zipped",
]
