"""Evidence of an activity: a photograph or scan, stored without location and other metadata."""

from enum import StrEnum

from services.activities.errors import EvidenceUnfit, EvidenceVoided
from shared.documents.pictures import LARGE, PICTURES, detect_type, shape, strip_metadata
from shared.storage.work import Record

EXTENSIONS = {"image/jpeg": (".jpg", ".jpeg"), "image/png": (".png",), "application/pdf": (".pdf",)}


class EvidenceState(StrEnum):
    KEPT = "kept"
    VOIDED = "voided"


class Evidence(Record):
    """Metadata of a file; its bytes are in GridFS under the same id. An activity names it in `evidence`.

    `sha256` and `size_bytes` are those of the stored bytes. A voided file cannot be downloaded; `erased`: its bytes
    have been deleted.
    """

    filename: str
    content_type: str
    size_bytes: int
    sha256: str
    uploaded_by: str
    state: EvidenceState = EvidenceState.KEPT
    void_reason: str | None = None
    erased: bool = False

    def check_kept(self) -> None:
        if self.state is EvidenceState.VOIDED:
            raise EvidenceVoided(f"该材料已作废（{self.void_reason}）")

    def voided(self, reason: str) -> "Evidence":
        self.check_kept()
        return self.model_copy(update={"state": EvidenceState.VOIDED, "void_reason": reason})


def prepared(filename: str, data: bytes) -> tuple[str, str, bytes]:
    """(name, type, bytes) to store; the name gets the extension of the type. Errors: EvidenceUnfit."""
    content_type = detect_type(data)
    clean = strip_metadata(content_type, data) if content_type is not None else None
    if content_type is None or clean is None:
        raise EvidenceUnfit("文件内容不是完好的 JPEG、PNG 图片或者 PDF")
    if content_type in PICTURES:
        size = shape(content_type, data)
        if size is None:
            raise EvidenceUnfit("图片里没有写明大小，不是完好的图片：请重拍、重扫或者重传")
        if not size.fits(content_type):
            raise EvidenceUnfit(LARGE)
    extension, *others = EXTENSIONS[content_type]
    named = filename.lower().endswith((extension, *others))
    return filename if named else f"{filename}{extension}", content_type, clean
