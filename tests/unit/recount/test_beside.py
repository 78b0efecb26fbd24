"""Words beside a number: those that change it are faults, others are to be confirmed, and few may come and go."""

from collections.abc import Callable
from functools import partial

import pytest

from recount import read, rewording, verify
from recount.beside import change, reworded
from recount.edits import Edits
from recount.faults import Recount
from recount.manifest import Wording
from tests.fixtures.documents import FIRST, LAST, published, town_log, town_year
from tests.unit.recount.mutations.word import W, Word, text_of

BOOK, FILE = town_year()
LOG = town_log()
PRESENT = ("63名，实到", "名，请假")
"""What is signed beside 58."""
MEETINGS = ("本年度共召开", "次。主席")
"""What is signed beside 4."""

Change = Callable[[Word], None]


def told(signed: tuple[str, str], text: str) -> tuple[str, str]:
    """What is a fault and what is to be confirmed of a text with its number in brackets."""
    before, _, rest = text.partition("[")
    sides = (signed[0], before), (signed[1], rest.partition("]")[2])
    return change(*sides), reworded(*sides)


@pytest.mark.parametrize(
    ("signed", "text"),
    [
        (PRESENT, "应到63名，未实到[58]名，请假"),
        (PRESENT, "应到63名，并非实到[58]名，请假"),
        (PRESENT, "应到63名，没有一次实到[58]名，请假"),
        (PRESENT, "应到63名，去年实到[58]名，请假"),
        (PRESENT, "应到63名，实到[58]户，请假"),
        (MEETINGS, "上年度共召开[4]次。主席团"),
        (MEETINGS, "计划召开[4]次。主席团"),
        (MEETINGS, "本年度共召开[4]次未成。主席团"),
        (MEETINGS, "本年度共召开[4]次，实际没有召开。主席团"),
        (("选民意见还有", "条没有办"), "选民意见还有[1]条已经办结，代表"),
    ],
)
def test_words_that_deny_a_number_or_change_its_unit_are_a_fault(signed: tuple[str, str], text: str) -> None:
    assert told(signed, text)[0]


def test_what_denies_the_next_number_is_no_fault_of_this_one() -> None:
    assert told(("会议应到代表", "名，实到"), "会议应到代表[63]名，未实到58名，请假") == ("", "")


@pytest.mark.parametrize(
    ("signed", "text"),
    [
        (PRESENT, "应到63名，据称实到[58]名，请假"),
        (PRESENT, "应到63名，全县实到[58]名，请假"),
        (PRESENT, "应到63名，实到只[58]名，请假"),
        (PRESENT, "应到63名，迟到[58]名，请假"),
        (MEETINGS, "没有人说得清本年度共召开[4]次。主席团"),
        (("评价的", "件全部为"), "代表评价的[5]件全部为不满意。"),
        (("选民意见还有", "条没有办"), "选民意见还有[1]条直到现在还没有办结"),
        (("组开展活动", "次，参加"), "镇政府开展活动[16]次，参加"),
    ],
)
def test_any_other_words_are_to_be_confirmed(signed: tuple[str, str], text: str) -> None:
    fault, doubt = told(signed, text)
    assert (fault, bool(doubt)) == ("", True)


@pytest.mark.parametrize(
    ("signed", "text"),
    [
        (PRESENT, "应到63名，实到[58]名，请假"),
        (PRESENT, "应到63名，共实到[58]名，因事请假"),
        (PRESENT, "参加会议。应到63名，已实到[58]名。"),
        (MEETINGS, "全年共召开[4]次。主席团"),
        (MEETINGS, "今年以来，先后召开[4]次，主席团"),
        (("加，查看点位", "处。提出"), "有代表20人次参加，实地查看点位[5]处。提出"),
        (("小组开展活动", "次，参加"), "各小组积极开展活动[16]次，参加"),
        (("选民意见还有", "条没有办"), "选民意见还有[1]条没有办结，代表"),
    ],
)
def test_few_words_may_come_and_go(signed: tuple[str, str], text: str) -> None:
    assert told(signed, text) == ("", "")


def _said(old: str, new: str) -> Change:
    def mutate(word: Word) -> None:
        text = next(t for t in word.root.iter(f"{W}t") if old in (t.text or ""))
        text.text = (text.text or "").replace(old, new, 1)

    return mutate


def _verified(mutate: Change) -> Recount:
    word = Word(FILE, "")
    mutate(word)
    return verify(read(word.bytes()), LOG, FIRST, LAST, keys=published())


@pytest.mark.parametrize(
    "mutate",
    [
        _said("示例镇2020年", "红旗镇2020年"),
        _said("示例镇人民代表大会主席团", "示例镇人民政府"),
        _said("举办学习培训", "组织外出考察"),
        _said("三分之二以上", "三分之二以下"),
        _said("三分之二以上，", "三分之二以上，不"),
        _said("全部出席", "无人出席"),
        _said("在任镇代表的参训覆盖率为", "某镇代表的参训覆盖率为"),
        _said("2020年，示例镇人大", "2020年，红旗镇人大"),
        _said("本届以来", "历届以来"),
        _said("，本年度共召开", "，据有关方面估计，本年度共召开"),
        _said("3月18日，第一次", "3月18日，据称第一次"),
        _said("组织代表学习", "没有组织代表学习"),
        _said("审议并通过", "审议但未通过"),
        _said("在任镇代表全部编入", "在任镇代表部分编入"),
        _said("三楼会议室", "五楼会议室"),
        _said("在无为市人大常委会", "在芜湖市人大常委会"),
    ],
)
def test_what_is_to_be_confirmed_is_told_with_its_place_and_is_no_fault(mutate: Change) -> None:
    result = _verified(mutate)
    assert result.faults == []
    assert {told.partition("：")[0][:2] for told in result.beside} == {"正文"}


@pytest.mark.parametrize(
    "mutate",
    [
        _said("，本年度共召开", "，在县人大常委会的指导下，本年度共召开"),
        _said("，代表参加", "，人大代表参加"),
        _said("测评共发出", "此次测评发出"),
        _said("弃权", "有弃权"),
        _said("意见集中在道路。", "意见集中在道路。代表进村入户，逐条反馈。"),
        _said("组织代表学习", "县人大组织代表学习"),
        _said("，符合法定人数。", "，符合法定人数。坚持一张蓝图绘到底。"),
    ],
)
def test_words_that_concern_no_number_or_change_nothing_are_listed(mutate: Change) -> None:
    result = _verified(mutate)
    assert (result.faults, result.beside) == ([], [])
    assert result.reworded


def _moved_under(heading: str) -> Change:
    def mutate(word: Word) -> None:
        paragraphs = list(word.body.iterfind(f"{W}p"))
        target = next(p for p in paragraphs if text_of(p).startswith(heading))
        target.addnext(next(p for p in paragraphs if text_of(p).startswith("收到选民意见")))

    return mutate


def test_a_number_that_stands_under_another_heading_is_to_be_confirmed() -> None:
    elsewhere, within = _verified(_moved_under("七、存在的问题")), _verified(_moved_under("（四）"))
    assert (elsewhere.faults, within.faults, within.beside) == ([], [], [])
    assert "编制时在另一个标题之下" in "".join(elsewhere.beside)


def test_the_number_of_pages_is_signed() -> None:
    def without_footers(word: Word) -> None:
        for reference in list(word.root.iter(f"{W}footerReference")):
            reference.getparent().remove(reference)

    def from_another_page(word: Word) -> None:
        next(word.root.iter(f"{W}pgNumType")).set(f"{W}start", "38")

    def more_in_the_footer(word: Word) -> None:
        word.parts["word/footer1.xml"] = word.parts["word/footer1.xml"].replace("—".encode(), "草稿".encode())

    for mutate in (without_footers, from_another_page, more_in_the_footer):
        assert _verified(mutate).faults


def test_where_too_much_was_reworded_each_paragraph_that_was_not_compared_is_to_be_confirmed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(rewording, "Edits", partial(Edits, tries=0))
    result = _verified(_said("组织代表学习", "没有组织代表学习"))
    assert result.faults == []
    assert [told.endswith("没有逐字比较：改写的地方太多") for told in result.beside] == [True]


def test_a_document_is_worth_so_many_tries() -> None:
    edits = Edits(("某某镇",), tries=1_000)
    assert edits.only([Wording("0" * 64)] * 20, "代表小组开展视察活动。" * 30, ()) is None
    assert edits.tries == 0


def _section_gone(word: Word) -> None:
    """A heading and what stands under it."""
    texts = {p: text_of(p) for p in word.body.iterfind(f"{W}p")}
    heading = next(p for p, text in texts.items() if "存在的问题" in text)
    under = next(p for p in heading.itersiblings(f"{W}p") if next(p.iter(f"{W}sdt"), None) is not None)
    for gone in (heading, under):
        word.body.remove(gone)


def _end_of_a_paragraph_gone(word: Word) -> None:
    target = word.control().getparent()
    for element in list(target)[7:]:
        target.remove(element)


@pytest.mark.parametrize("mutate", [_section_gone, _end_of_a_paragraph_gone])
def test_numbers_that_were_taken_away_are_to_be_confirmed_where_they_stood(mutate: Change) -> None:
    found = _verified(mutate)
    (told,) = [line for line in found.beside if "少了编制时写在这里的" in line]
    assert (found.faults, "附件" in told) == ([], False)
    assert "正文“" in told


def test_a_summary_as_it_was_compiled_has_nothing_to_look_at() -> None:
    """Its source's own seal stands behind the head that was sealed."""
    found = _verified(lambda _: None)
    assert (found.faults, found.reworded, found.beside, found.notes) == ([], [], [], [])
