"""Every parser of our own, fed with damaged files: it reads them or refuses them in its own words.

Files are real ones with bytes changed, cut, doubled or moved; in archives the parts are damaged too, for most damaged
archives are refused before any parser sees them. `make nightly` tries more, with another seed: FUZZ_N, FUZZ_SEED.
"""

import base64
import io
import json
import os
import zipfile
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest
from joserfc.jwk import KeySet

from recount import manifest, word
from recount.package import NotReadable
from services.cli import bundles, verifying
from services.cli.books import SHEETS
from services.cli.verifying import Unverifiable
from services.reports.document.edited.reading import read as read_edited
from services.reports.errors import DocumentUnfit, TemplateFaulty
from services.reports.narrative import predicates, text
from shared.documents import pictures
from shared.endpoints.cursors import decode_cursor, encode_cursor
from shared.endpoints.heads import BadCheckpoint, read_checkpoint
from shared.envelope import GENESIS, Event, Undecodable
from shared.errors import Invalid
from shared.workbook import TooBig, Unreadable, read
from tests.architecture.sources import ROOT
from tests.fixtures.pictures import JPEG, PNG

N = int(os.environ.get("FUZZ_N", "20"))
SEED = int(os.environ.get("FUZZ_SEED", "1"))
FILES = ROOT / "tests" / "unit" / "shared" / "files"
DOCX = (ROOT / "tests" / "releases" / "0.1" / "summary.docx").read_bytes()
EVENT = (
    Event(
        id="1", source="/340281199/roster", type="roster.person.changed.v1", subject="person/1", town="340281199",
        time="2020-01-01T00:00:00.000Z", sequence=1, previoushash=GENESIS, actor="office", data={"name": "张示例"},
    )
    .hashed()
    .encode()
)  # fmt: skip
SENTENCE = "举行会议{sessions}次[，其中{extra}次]。"
NASTY = (
    b"\x00",
    b"\xff\xff",
    b"<",
    b"&",
    b'"',
    b"]]>",
    b"9" * 40,
    b"-1",
    b"{",
    b"[" * 200,
    "\U0001f9ff".encode(),
    b"\xed\xa0\x80",
)


def damaged(data: bytes, random: Random) -> bytes:
    """The bytes with one to four faults."""
    for _ in range(random.randint(1, 4)):
        at, to = sorted(random.randrange(len(data) + 1) for _ in range(2))
        to = min(to, at + random.choice((1, 4, 64, 4096)))
        data = random.choice(
            (
                data[:at] + data[to:],
                data[:to] + data[at:],
                data[:at] + random.choice(NASTY) + data[to:],
                data[:at] + random.randbytes(min(to - at, 16)) + data[to:],
                data[:at],
            )
        ) or b"\x00"  # fmt: skip
    return data


def damaged_part(data: bytes, random: Random) -> bytes:
    """The archive with one part damaged, missing or twice as large as it says."""
    packed = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as before,
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as after,
    ):
        chosen = random.choice(before.namelist())
        for name in before.namelist():
            content = before.read(name)
            if name == chosen and random.random() < 0.1:
                continue
            after.writestr(name, damaged(content, random) if name == chosen else content)
    return packed.getvalue()


def workbook(name: str) -> Callable[[bytes], Any]:
    sheets, words = SHEETS["roster"]
    return lambda data: read(data, sheets, filename=name, vocabulary=words)


def as_text(parse: Callable[[str], Any]) -> Callable[[bytes], Any]:
    return lambda data: parse(data.decode("utf-8", "replace"))


def from_file(parse: Callable[[Path], Any], tmp_path: Path) -> Callable[[bytes], Any]:
    def opened(data: bytes) -> Any:
        (path := tmp_path / "file").write_bytes(data)
        return parse(path)

    return opened


def picture(data: bytes) -> Any:
    kind = pictures.detect_type(data)
    return None if kind is None else (pictures.strip_metadata(kind, data), pictures.shape(kind, data))


def signed(content: Any) -> bytes:
    return b"e30." + base64.urlsafe_b64encode(json.dumps(content).encode()) + b".x"


CASES: dict[str, tuple[Callable[[bytes], Any], bytes, tuple[type[Exception], ...]]] = {
    "xlsx": (workbook("a.xlsx"), (ROOT / "examples" / "名册.xlsx").read_bytes(), (Unreadable, TooBig)),
    "ods": (workbook("a.ods"), (FILES / "office.ods").read_bytes(), (Unreadable, TooBig)),
    "xls": (workbook("a.xls"), (FILES / "office.xls").read_bytes(), (Unreadable, TooBig)),
    "csv": (workbook("人员.csv"), (ROOT / "examples" / "tables" / "人员.csv").read_bytes(), (Unreadable, TooBig)),
    "docx, recount": (word.read, DOCX, (NotReadable,)),
    "docx, handed in": (read_edited, DOCX, (DocumentUnfit,)),
    "manifest": (as_text(manifest.opened), signed({"format": "lvzhi-manifest/1", "sources": []}), (NotReadable,)),
    "event": (Event.decode, EVENT, (Undecodable,)),
    "jpeg": (picture, JPEG, ()),
    "png": (picture, PNG, ()),
    "cursor": (as_text(decode_cursor), encode_cursor({"340281199": 7, "340281101": 900}).encode(), (Invalid,)),
    "checkpoint": (as_text(lambda t: read_checkpoint(t, KeySet([]))), signed({"sequence": 1}), (BadCheckpoint,)),
    "predicate": (as_text(predicates.parse), b"suggestions.at_session == 0 or not raised", (TemplateFaulty,)),
    "sentence": (as_text(lambda t: text.parse(t, "x")), SENTENCE.encode(), (TemplateFaulty,)),
}  # fmt: skip


def refusals(
    parse: Callable[[bytes], Any], sound: bytes, refused: tuple[type[Exception], ...], times: int, seed: str
) -> int:
    """How many of the damaged files were refused; any other error is the test's."""
    random, count = Random(seed), 0
    archive = sound.startswith(b"PK")
    for n in range(times):
        data = damaged_part(sound, random) if archive and n % 4 else damaged(sound, random)
        try:
            parse(data)
        except refused:
            count += 1
        except Exception as error:
            (kept := ROOT / "out" / "fuzz").mkdir(parents=True, exist_ok=True)
            (kept / f"{type(error).__name__}-{n}").write_bytes(data)
            raise AssertionError(f"damaged file {n} of seed {seed}, kept in {kept}") from error
    return count


@pytest.mark.parametrize("name", CASES)
def test_a_damaged_file_is_read_or_refused(name: str) -> None:
    parse, sound, refused = CASES[name]
    count = refusals(parse, sound, refused, N, f"{SEED} {name}")
    assert count or not refused or name == "csv", "none was damaged enough to be refused"


@pytest.mark.parametrize("name", CASES)
def test_a_sound_file_is_read(name: str) -> None:
    parse, sound, _ = CASES[name]
    if name not in ("manifest", "checkpoint"):  # which nobody has signed
        parse(sound)


@pytest.mark.parametrize("name", ["log", "bundle"])
def test_a_damaged_file_of_logs_is_read_or_refused(name: str, tmp_path: Path) -> None:
    if name == "log":
        parse, sound = from_file(lambda path: verifying.read_file(path, verifying.Logs()), tmp_path), EVENT
    else:
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            archive.writestr(
                bundles.MANIFEST, json.dumps({"area": "340281", "keys": {"keys": []}, "statements": []})
            )
        parse, sound = from_file(lambda path: bundles.opened(path, None), tmp_path), packed.getvalue()
    assert refusals(parse, sound, (Unverifiable, BadCheckpoint), N, f"{SEED} {name}")


def test_an_error_that_is_no_refusal_is_found() -> None:
    def parse(data: bytes) -> None:
        data.decode("ascii")

    with pytest.raises(AssertionError, match="damaged file"):
        refusals(parse, b"abc" * 30, (Unreadable,), 200, "0")


@pytest.mark.nightly
@pytest.mark.slow
@pytest.mark.parametrize("name", CASES)
def test_many_damaged_files_are_read_or_refused(name: str) -> None:
    parse, sound, refused = CASES[name]
    refusals(parse, sound, refused, 50 * N, f"nightly {SEED} {name}")
