"""What a corrigendum says: figure by figure and word by word, with the records that made the difference."""

from services.reports.compiler import compile_report
from services.reports.domain import Report, Wording
from services.reports.domain.differences import differences
from tests.fixtures.book import Book, attendance
from tests.fixtures.example import example


def compiled(book: Book, corrected: Report | None = None, **words: object) -> Report:
    wording = Wording.model_validate(words)
    return compile_report(book.year(as_of="2020-12-07"), [], wording, id="report", corrected=corrected)


def test_a_record_that_came_late_is_told_by_the_figures_it_changes() -> None:
    book = example()
    before = compiled(book)
    id = book.add(
        "activity", kind="inspection", held_on="2020-11-02", attendance=attendance(["deputyship-1"])
    )
    after = compiled(book, corrected=before)
    assert after.corrects == 1
    found = {change.id: change for change in differences(before, after).figures}
    assert set(found) == {"supervision.inspections", "supervision.person_times"}
    inspections = found["supervision.inspections"]
    assert inspections.before is not None
    assert (inspections.before.value, inspections.after.value) == (1, 2)
    assert [record.subject for record in inspections.records] == [f"activity/{id}"]
    [paragraph] = [one for one in differences(before, after).paragraphs if one.id == "supervision"]
    assert "视察1次" in str(paragraph.before)
    assert "视察2次" in str(paragraph.after)


def test_the_document_has_what_was_put_right_as_its_first_table() -> None:
    book = example()
    before = compiled(book)
    book.add("activity", kind="inspection", held_on="2020-11-02")
    table = compiled(book, corrected=before).tables[0]
    assert table.caption == "更正说明（第1版）"
    assert ("视察次数", "1", "2", "次") in table.rows
    assert "corrections" not in [table.id for table in before.tables]
    [row] = compiled(example(), corrected=before).tables[0].rows
    assert row[0] == "各项数字没有变动"


def test_equal_editions_differ_in_nothing_and_words_alone_in_words_alone() -> None:
    one, other = compiled(example()), compiled(example(), theme="防汛救灾")
    same = differences(one, one)
    assert not same.figures
    assert not same.paragraphs
    assert differences(one, other).figures == ()
    assert [change.id for change in differences(one, other).paragraphs] == ["opening"]
    gone = differences(compiled(example(), paragraphs={"plans": ["办好实事。"]}), one).paragraphs
    assert [(change.id, change.after) for change in gone] == [("plans.own.1", None)]
