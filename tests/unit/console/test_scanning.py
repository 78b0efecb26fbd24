"""What two files say of the same line or number: what is sure is taken, what differs is in doubt."""

from typing import Any

from services.console.forms import Field, Form
from services.console.pages.attendance import MARKED, scope
from services.console.pages.count_scanning import BEFORE, DIFFERS, LOOK, LOOKED, OTHERWISE, CountScan
from services.console.pages.scanning import Scan

PAGE = {
    "sheet": "sign_in",
    "page": 1,
    "problem": "",
    "message": "",
    "upside_down": False,
    "again": False,
}


def sheet(doubt: str = "", **states: str) -> dict[str, Any]:
    """An answer of `sheets:read`; `doubt`: the line that is in doubt."""
    lines = [{"deputyship_id": doubt, "number": 1, "name": "王示例", "state": "absent", "boxes": ()}]
    return {
        "pages": [PAGE],
        "missing": [],
        "marked": [{"deputyship_id": id, "state": state} for id, state in states.items()],
        "doubts": [line | {"contradicts": False} for line in lines if doubt],
        "voters_count": None,
    }


def test_lines_that_two_files_say_differently_are_in_doubt() -> None:
    scan = Scan()
    for answer in (sheet(a="present", b="present"), sheet(a="present", b="not_recorded"), sheet(b="present")):
        scan.add("照片", answer)
    scan.name([{"deputyship_id": "b", "number": 2, "name": "李示例"}])
    assert scan.states == {"a": "present"}
    assert (scan.doubts["b"]["number"], scan.doubts["b"]["name"]) == (2, "李示例")


def test_what_one_file_is_sure_of_is_not_in_doubt() -> None:
    for answers in ((sheet("a"), sheet(a="present")), (sheet(a="present"), sheet("a"))):
        scan = Scan()
        for answer in answers:
            scan.add("照片", answer)
        assert (scan.states, scan.doubts) == ({"a": "present"}, {})


def held(
    marks: dict[str, str], answers: dict[str, str], *sheets: dict[str, Any]
) -> tuple[Scan, dict[str, str]]:
    scan = Scan()
    for answer in sheets:
        scan.add("照片", answer)
    return scan, scan.hold(marks, answers)


def looks(scan: Scan) -> dict[str, tuple[str, str | None]]:
    """What is chosen of each line in doubt, and what the photograph says otherwise."""
    return {id: (line["state"], line.get("seen")) for id, line in scan.doubts.items()}


def test_an_empty_line_takes_no_mark_away() -> None:
    scan, states = held({"a": "leave_illness", "b": "absent"}, {}, sheet(a="not_recorded", b="not_recorded"))
    assert (states, scan.doubts) == ({"a": "leave_illness", "b": "absent"}, {})


def test_a_mark_that_a_photograph_differs_from_is_in_doubt_and_stays_chosen() -> None:
    scan, states = held(
        {"a": "leave_illness", "b": "online", "c": "morning"},
        {},
        sheet(a="present", b="present", c="present"),
    )
    assert states == {"c": "morning"}
    assert looks(scan) == {"a": ("leave_illness", "present"), "b": ("online", "present")}


def test_a_doubtful_line_does_not_replace_a_mark() -> None:
    scan, states = held({"a": "present"}, {}, sheet("a"))
    assert (states, looks(scan)) == ({}, {"a": ("present", "absent")})
    assert held({"a": "absent"}, {}, sheet("a"))[1] == {"a": "absent"}


def test_lines_that_were_in_doubt_stay_so_until_they_are_read_the_same() -> None:
    answers = {"a": "leave", "b": "present", "c": "absent", "d": "present"}
    scan, states = held({}, answers, sheet(b="present", c="not_recorded", d="leave_family", e="present"))
    assert states == {"b": "present", "e": "present"}
    assert looks(scan) == {"a": ("leave", None), "c": ("absent", None), "d": ("present", "leave_family")}
    scan.name([{"deputyship_id": id, "number": 1, "name": id} for id in "bcd"])
    assert scan.doubts.keys() == {"c", "d"}
    assert scan.told == ["先前拿不准的人里有 1 人不在这份名单上，没有登记"]


def test_who_is_in_doubt_is_among_those_that_were_recorded() -> None:
    form = Form((), {"who": "named:", MARKED: "a:present", "doubt.a": "absent", "doubt.b": "absent"})
    assert scope(form) == {"invited": {"deputyship_ids": ["a", "b"]}}


def test_empty_lines_are_counted_as_empty() -> None:
    scan = Scan()
    scan.add("照片", sheet("d", a="present", b="leave_family", c="not_recorded"))
    scan.end()
    assert scan.told == ["读了 4 行：1 人签名，1 人请假，1 人空着，1 人拿不准"]


def test_a_page_of_a_register_in_two_files_is_told() -> None:
    scan = Scan()
    register = {"voters_count": 12, "opinions_count": 3, "register_doubts": [], "unsure_count": 0}
    for name in ("一.jpg", "二.jpg"):
        scan.add(name, sheet() | register | {"pages": [PAGE | {"sheet": "register"}]})
    scan.end()
    assert scan.told == [
        "登记表第 1 页在 2 个文件里，按 2 张纸相加；是同一张的请只选一张",
        "登记表：接待 24 人次，意见 6 条",
    ]


def test_a_page_that_is_in_a_file_twice_is_told() -> None:
    scan = Scan()
    scan.add("扫描.pdf", sheet(a="present") | {"pages": [PAGE, PAGE | {"again": True}]})
    assert scan.told == ["扫描.pdf 第 2 页：签到册第 1 页不止一份，两份不一样的要看一眼"]


def counted(count: int | None, *doubts: tuple[str, int | None], **others: Any) -> dict[str, Any]:
    own = {
        "dimension": "",
        "group": "",
        "issued": 40,
        "returned": None,
        "void": None,
        "counts": {} if count is None else {"d1": {"satisfied": count}},
        "doubts": [{"loc": loc, "number": number, "picture": "cut"} for loc, number in doubts],
        "missing": [],
        "balanced": True,
    }
    return {"pages": [PAGE], "count_sheets": [own | others]}


def test_numbers_that_two_files_say_differently_are_left_empty() -> None:
    cell = "counts.d1.satisfied"
    form, scan = Form((Field(cell, "满意", "number"),)), CountScan()
    for answer in (counted(3), counted(5), counted(3)):
        scan.add("照片", answer, ("", ""), form)
    assert (form.values[cell], form.faults) == ("", {cell: DIFFERS})
    assert (form.values["issued"], scan.read, scan.shown) == ("40", 2, set())


def test_a_number_in_doubt_gives_way_to_one_that_is_sure() -> None:
    cell = "counts.d1.satisfied"
    unsure, sure = counted(None, ("d1.satisfied", 8)), counted(3)
    for answers in ((unsure, sure), (sure, unsure)):
        form, scan = Form((Field(cell, "满意", "number"),)), CountScan()
        for answer in answers:
            scan.add("照片", answer, ("", ""), form)
        assert (form.values[cell], form.faults, scan.pictures) == ("3", {}, {})
    form, scan = Form((Field(cell, "满意", "number"),)), CountScan()
    scan.add("照片", unsure, ("", ""), form)
    assert (form.values[cell], form.faults, scan.shown) == ("8", {cell: LOOK}, {cell})


def scanned(form: Form, *answers: dict[str, Any], **typed: str) -> CountScan:
    form.values |= {f"counts.{name.replace('_', '.', 1)}": text for name, text in typed.items()}
    scan = CountScan(typed=dict(form.values))
    for answer in answers:
        scan.add("照片", answer, ("", ""), form)
    scan.end(form)
    return scan


def test_a_number_that_was_typed_stays() -> None:
    cell = "counts.d1.satisfied"
    form = Form((Field(cell, "满意", "number"),))
    scan = scanned(form, counted(5), d1_satisfied="3")
    assert (form.values[cell], form.faults) == ("3", {cell: OTHERWISE.format(5)})
    assert scan.told[0].startswith("读出 2 个数，1 个要看一眼")
    form = Form((Field(cell, "满意", "number"),))
    scanned(form, counted(5), d1_satisfied="５")
    assert (form.values[cell], form.faults) == ("５", {})


def test_a_number_that_was_in_doubt_stays_so_until_it_is_read() -> None:
    cell = "counts.d1.satisfied"
    form = Form((Field(cell, "满意", "number"),), {LOOKED: cell})
    scanned(form, counted(None), d1_satisfied="3")
    assert (form.values[cell], form.faults, form.values[LOOKED]) == ("3", {cell: BEFORE}, cell)
    form = Form((Field(cell, "满意", "number"),), {LOOKED: cell})
    scanned(form, counted(3), d1_satisfied="3")
    assert (form.faults, form.values[LOOKED]) == ({}, "")


def test_pages_that_are_each_a_file_are_one_sheet() -> None:
    rows = [Field(f"counts.d{n}{cell}", "", "number") for n in (1, 2, 3) for cell in ("", ".satisfied")]
    form = Form(rows)
    first = counted(39, missing=[2, 3], returned=39, void=1)
    second = counted(None, missing=[1, 3], balanced=False, counts={"d2": {"satisfied": 38}})
    scan = scanned(form, first, second)
    assert form.faults == {"counts.d1": "照片上合计 39，有效票 38，请对照纸上"}
    assert scan.told[1:] == ["这次没有第 3 页，那些人还是原来填的"]
    assert scanned(Form(rows), second).told[1:] == [
        "这次没有第 1、3 页，那些人还是原来填的",
        "有效票数没有读准，各人的合计没有对过",
    ]
    later = Form(rows, {"returned": "39", "void": "1"})
    scanned(
        later, second | {"count_sheets": [second["count_sheets"][0] | {"counts": {"d2": {"satisfied": 37}}}]}
    )
    assert later.faults == {"counts.d2": "照片上合计 37，有效票 38，请对照纸上"}
