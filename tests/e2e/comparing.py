"""What two runs of one year must have in common: everything but the proof, whose ids and hashes no two runs share."""

import io
import re
import zipfile
from typing import Any


def text_of(docx: bytes) -> str:
    """All the text of the Word file, numerals in content controls included."""
    with zipfile.ZipFile(io.BytesIO(docx)) as archive:
        xml = archive.read("word/document.xml").decode()
    paragraphs = re.findall(r"<w:p[ >].*?</w:p>", xml, re.DOTALL)
    return "\n".join("".join(re.findall(r"<w:t(?: [^>]*)?>([^<]*)</w:t>", p)) for p in paragraphs)


def without_proof(docx: bytes) -> dict[str, str]:
    """The parts of the Word file without the manifest."""
    with zipfile.ZipFile(io.BytesIO(docx)) as archive:
        names = [name for name in archive.namelist() if not name.startswith("customXml/")]
        return {name: archive.read(name).decode("utf-8", "replace") for name in names}


def told(report: dict[str, Any]) -> dict[str, Any]:
    """What the report says, without the ids and hashes that no two runs share."""
    said = {key: report[key] for key in ("town", "year", "as_of", "title", "status", "tables", "signed_on")}
    said["sections"] = report["sections"]
    said["figures"] = [{k: v for k, v in f.items() if k != "records"} for f in report["figures"]]
    said["findings"] = [{k: v for k, v in f.items() if k != "records"} for f in report["findings"]]
    said["sources"] = [
        {k: v for k, v in s.items() if k in ("source", "state", "counts", "counted")}
        for s in report["sources"]
    ]
    return said
