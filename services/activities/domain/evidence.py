"""Evidence of an activity: a photograph or scan that is kept as it came in."""

from typing import Final

from services.activities.errors import EvidenceUnfit
from shared.work import Record

SIGNATURES: Final = {
    "image/jpeg": b"\xff\xd8\xff",
    "image/png": b"\x89PNG\r\n\x1a\n",
    "application/pdf": b"%PDF-",
}
"""What may be uploaded, and how a file of each type begins."""


class Evidence(Record):
    """What is known of a file; its bytes lie in GridFS under the same id. An activity names it in `evidence`."""

    filename: str
    content_type: str
    size_bytes: int
    sha256: str
    uploaded_by: str


def check_content(content_type: str, data: bytes) -> None:
    """Errors: EvidenceUnfit when a file is not what it is said to be."""
    if not data.startswith(SIGNATURES[content_type]):
        raise EvidenceUnfit(f"文件内容与类型 {content_type} 不符")
