"""`lvzhi verify FILE.docx` with saved logs: what it says, and with which status it ends."""

import json
from copy import deepcopy
from functools import partial
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from recount.faults import FaultKind
from services.cli import witnessing
from services.cli.__main__ import app
from services.reports.document import render_docx
from services.reports.document.manifest import SIGNATURE_TYPE
from shared.security.keystore import KeyStore
from tests.fixtures.book import Book
from tests.fixtures.county import FIRST, County, check_document, summary
from tests.fixtures.documents import (
    changed,
    checked,
    controls,
    judged,
    keys,
    log_of,
    of_before,
    sealed,
    town_check,
    town_report,
    town_year,
    write,
)
from tests.fixtures.example import example
from tests.unit.recount.mutations import MUTATIONS
from tests.unit.recount.mutations.word import W, Word


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("verify")
    book, file = town_year()
    (made / "whole.docx").write_bytes(file)
    (made / "check.docx").write_bytes(town_check())
    later = town_report().model_copy(update={"version": 2})
    (made / "later.docx").write_bytes(checked(later))
    forged = changed(file, lambda root: write(controls(root, "congress.sessions")[0], "3"))
    (made / "forged.docx").write_bytes(forged)
    reworded = Word(file, "")
    sentence = next(
        text for text in reworded.root.iter(f"{W}t") if (text.text or "").endswith("举办学习培训")
    )
    sentence.text = "组织外出考察"
    (made / "reworded.docx").write_bytes(reworded.bytes())
    (made / "text.docx").write_text("不是 Word 文件", "utf-8")
    events = log_of(book)
    (made / "log.json").write_text(json.dumps(events, ensure_ascii=False), "utf-8")
    (made / "jwks.json").write_bytes(keys().published())
    stranger = KeyStore(made / "other")
    (made / "other.json").write_bytes(stranger.published())
    anew = render_docx(sealed(book), None, partial(stranger.sign, kind=SIGNATURE_TYPE))
    (made / "anew.docx").write_bytes(anew)
    events[7]["data"]["name"] = "改过"
    (made / "changed.json").write_text(json.dumps(events, ensure_ascii=False), "utf-8")
    (made / "empty.json").write_text("[]", "utf-8")
    return made


def verify(folder: Path, file: str, log: str = "log.json", *more: str) -> Result:
    given = more if "--keys" in more else (*more, "--keys", str(folder / "jwks.json"))
    return without_keys(folder, file, log, *given)


def without_keys(folder: Path, file: str, log: str = "log.json", *more: str) -> Result:
    return CliRunner().invoke(app, ["verify", str(folder / file), "--log", str(folder / log), *more])


def test_a_whole_document_ends_with_status_0(folder: Path) -> None:
    done = verify(folder, "whole.docx")
    assert done.exit_code == 0, done.output
    assert "不符 0 个，不明 0 个，未绑定 0 个" in done.output
    assert "核验总结 340281100，统计期 2020-01-01 至 2020-12-07，第1版" in done.output
    assert "代表名册：封存到第166号，日志到第166号" in done.output


def test_the_check_document_may_be_given_with_the_summary_if_it_is_of_the_same_edition(folder: Path) -> None:
    both = verify(folder, "whole.docx", "log.json", str(folder / "check.docx"))
    assert both.exit_code == 0, both.output
    assert "核验核对说明 340281100，统计期 2020-01-01 至 2020-12-07，第1版" in both.output
    apart = verify(folder, "whole.docx", "log.json", str(folder / "later.docx"))
    assert apart.exit_code == 1
    assert "不是同一版总结" in apart.output


def test_the_report_of_an_area_is_verified_with_the_logs_of_its_towns(tmp_path: Path) -> None:
    county = County()
    (tmp_path / "jwks.json").write_bytes(keys().published())
    (tmp_path / "area.docx").write_bytes(summary(county))
    (tmp_path / "check.docx").write_bytes(check_document(county))
    county.streams[FIRST].tell(county.compiled[FIRST], "submitted")
    (tmp_path / "later.docx").write_bytes(check_document(county))
    (tmp_path / "log.json").write_text(json.dumps(county.logs()), "utf-8")
    both = verify(tmp_path, "area.docx", "log.json", str(tmp_path / "check.docx"))
    assert both.exit_code == 0, both.output
    assert "乡镇4个，计入已接收的2个" in both.output
    assert without_keys(tmp_path, "area.docx").exit_code == 3
    apart = verify(tmp_path, "area.docx", "log.json", str(tmp_path / "later.docx"))
    assert apart.exit_code == 1
    assert "不是同一版总结" in apart.output


def test_with_the_keys_it_is_known_who_signed(folder: Path) -> None:
    known = verify(folder, "whole.docx", "log.json", "--keys", str(folder / "jwks.json"))
    assert known.exit_code == 0, known.output
    assert "是谁签的" not in known.output
    foreign = verify(folder, "whole.docx", "log.json", "--keys", str(folder / "other.json"))
    assert foreign.exit_code == 1
    assert "签名无效，或者不是这个系统的密钥签的" in foreign.output
    assert (
        "不是 JWK 密钥集"
        in verify(folder, "whole.docx", "log.json", "--keys", str(folder / "log.json")).output
    )


def test_the_keys_of_another_service_sign_no_summary(folder: Path, tmp_path: Path) -> None:
    """As where the roster is taken over, and signs a summary of its own."""
    published, place = (folder / "other.json").read_text("utf-8"), tmp_path / "roster" / "jwks.json"
    place.parent.mkdir()
    place.write_text(published, "utf-8")
    (tmp_path / "roster.json").write_text(published, "utf-8")
    for path in (place, tmp_path / "roster.json"):
        refused = verify(folder, "anew.docx", "log.json", "--keys", str(path))
        assert refused.exit_code == 1, refused.output
        assert "是另一个服务（roster）的公钥" in refused.output
    ours = tmp_path / "reports.json"
    ours.write_bytes(keys().published())
    assert verify(folder, "whole.docx", "log.json", "--keys", str(ours)).exit_code == 0
    collected = witnessing.joined([("roster", published), ("reports", ours.read_text("utf-8"))])
    (tmp_path / "roster.json").write_text(collected, "utf-8")
    for file, status in (("whole.docx", 0), ("anew.docx", 1)):
        done = verify(folder, file, "log.json", "--keys", str(tmp_path / "roster.json"))
        assert done.exit_code == status, done.output


def test_without_keys_nobody_knows_who_signed_and_status_is_3_whatever_else_was_confirmed(
    folder: Path,
) -> None:
    """A manifest that a forger signed himself is compared like any other."""
    for file in ("whole.docx", "anew.docx"):
        for more in ((), ("--confirm",)):
            done = without_keys(folder, file, "log.json", *more)
            assert done.exit_code == 3, done.output
            assert "没有查出不符；没有核对随文的证明是谁签的，请用 --keys" in done.output
    assert verify(folder, "anew.docx").exit_code == 1
    both = without_keys(folder, "reworded.docx")
    assert (both.exit_code, "--confirm" in both.output, "--keys" in both.output) == (3, True, True)


def test_the_seal_says_that_a_document_had_a_manifest_where_the_document_does_not() -> None:
    book = example(Book())
    report = sealed(book)
    word = Word(of_before(report), "")
    MUTATIONS["proof: taken away"](word)
    text = word.parts["docProps/custom.xml"].decode()
    word.parts["docProps/custom.xml"] = text.replace("lvzhi-proof", "other").encode()
    before = deepcopy(book)
    seal(before)
    assert judged(word.bytes(), before).faults == []
    assert not judged(word.bytes(), before).signer_unknown, "there is no signature to be checked"
    assert before.events["roster"][-1].data["upto_sequence"] == report.sources[0].head
    seal(book, manifest="lvzhi-summary-1")
    assert [fault.kind for fault in judged(word.bytes(), book).faults] == [FaultKind.PROOF]


def seal(book: Book, manifest: str = "") -> None:
    for source in book.events:
        book.seal(source, as_of="2020-12-07", manifest=manifest)


def test_a_document_without_a_manifest_has_the_heads_of_one_closing() -> None:
    """Heads that no source sealed, or sealed for another closing or another day, anybody may write."""
    book = example(Book())
    word = Word(of_before(sealed(book)), "")
    MUTATIONS["proof: taken away"](word)
    text = word.parts["docProps/custom.xml"].decode()
    word.parts["docProps/custom.xml"] = text.replace("lvzhi-proof", "other").encode()
    apart, of_another_day = deepcopy(book), deepcopy(book)
    for source in book.events:
        apart.seal(source, as_of="2020-12-07", closing_id=f"of {source}")
        of_another_day.seal(source, as_of="2020-11-30")
    for kept in (book, apart, of_another_day):
        (fault,) = judged(word.bytes(), kept).faults
        assert str(fault) == "完整性证明：所写的封存号不是日志中截止2020-12-07的同一次封账的封存号"


def test_a_forged_number_is_told_with_status_1(folder: Path) -> None:
    done = verify(folder, "forged.docx")
    assert done.exit_code == 1
    assert "写作“3”，应为“1”" in done.output
    assert "核验没有通过" in done.output


def test_what_is_reworded_beside_a_number_is_told_with_status_3_until_somebody_confirms_it(
    folder: Path,
) -> None:
    done = verify(folder, "reworded.docx")
    assert done.exit_code == 3
    assert "前面是“组织外出考察”，编制时是“举办学习培训”" in done.output
    assert "有 1 处改动可能改变意思，逐处看过以后请用 --confirm 确认" in done.output
    assert verify(folder, "reworded.docx", "log.json", "--confirm").exit_code == 0
    assert verify(folder, "forged.docx", "log.json", "--confirm").exit_code == 1


@pytest.mark.parametrize(
    ("file", "log", "said"),
    [
        ("text.docx", "log.json", "不是 Word 文件"),
        ("whole.docx", "changed.json", "写入后被改动过"),
        ("whole.docx", "empty.json", "没有 340281100 的事件"),
        ("whole.docx", "none.json", "找不到文件"),
        ("whole.docx", "whole.docx", "不是文本"),
    ],
)
def test_what_cannot_be_verified_says_why(folder: Path, file: str, log: str, said: str) -> None:
    done = verify(folder, file, log)
    assert done.exit_code == 1
    assert said in done.output


def test_options_may_stand_before_the_file_and_the_group_keeps_its_other_commands(folder: Path) -> None:
    given = ["--log", str(folder / "log.json"), "--keys", str(folder / "jwks.json")]
    args = ["verify", "--sealed", *given, str(folder / "whole.docx")]
    assert CliRunner().invoke(app, args).exit_code == 0
    assert "已核验" not in CliRunner().invoke(app, ["verify", "log", str(folder / "empty.json")]).output
    assert "log" in CliRunner().invoke(app, ["verify", "--help"]).output
