"""What two files say of the same line or number: what is sure is taken, what differs is in doubt."""

from typing import Any

from services.console.forms import Field, Form
from services.console.pages.count_scanning import DIFFERS, LOOK, CountScan
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


def test_a_page_that_is_in_a_file_twice_is_told() -> None:
    scan = Scan()
    scan.add("扫描.pdf", sheet(a="present") | {"pages": [PAGE, PAGE | {"again": True}]})
    assert scan.told == ["扫描.pdf 第 2 页：签到册第 1 页不止一份，两份不一样的要看一眼"]


def counted(count: int | None, *doubts: tuple[str, int | None]) -> dict[str, Any]:
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
    return {"pages": [PAGE], "count_sheets": [own]}


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
