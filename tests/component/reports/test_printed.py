"""The duty files as documents over HTTP: one by one, and all of a town at once."""

import re
import zipfile
from io import BytesIO

from services.reports.document import CONTENT_SECURITY_POLICY
from services.reports.events_in import Deputyship
from tests.component.reports.conftest import Office
from tests.component.reports.test_statements import as_deputy

FORMS = ("docx", "html")


async def test_whoever_reads_a_file_can_print_it(told: Office) -> None:
    one, other = told.mandate(0), told.mandate(1)
    for whose, token in (
        (f"/deputies/{one.id}", as_deputy(told, one)),
        (f"/groups/{one.group_id}", as_deputy(told, one, "leader")),
    ):
        docx = await told.driver.call("GET", f"{whose}/file.docx?year=2020", token=token)
        assert (docx.status, docx.json[:2]) == (200, b"PK")
        assert "attachment" in docx.headers["Content-Disposition"]
        page = await told.driver.call("GET", f"{whose}/file.html?year=2020", token=token)
        assert "履职档案（2020年）" in page.json.decode()
        assert page.headers["Content-Security-Policy"] == CONTENT_SECURITY_POLICY
        assert "inline" in page.headers["Content-Disposition"]
    stranger = as_deputy(told, other, "leader")
    for ending in FORMS:
        for whose, code in ((f"/deputies/{one.id}", "no-deputy"), (f"/groups/{one.group_id}", "no-group")):
            unseen = await told.driver.call("GET", f"{whose}/file.{ending}?year=2020", token=stranger)
            assert (unseen.status, unseen.code) == (404, code)


async def test_all_files_of_a_town_come_in_one_archive(told: Office) -> None:
    county = told.driver.token("county", area="340281")
    head = await told.driver.call("HEAD", "/files.zip?year=2020", token=county)
    assert (head.status, head.headers["Content-Type"]) == (200, "application/zip")
    answer = await told.driver.call("GET", "/files.zip?year=2020", token=county)
    assert answer.status == 200
    with zipfile.ZipFile(BytesIO(answer.json)) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        first = archive.read(names[0])
    people = [name for name in names if name.startswith("代表/")]
    held = [fact.data for fact in told.book.ledger.by_id(Deputyship).values()]
    assert len(people) == len({one.person_id for one in held}) < len(held)
    assert len(names) - len(people) == 5
    assert all(re.fullmatch(r"(代表/\d{3}|小组/\d\d) [^/]+\.docx", name) for name in names)
    with zipfile.ZipFile(BytesIO(first)) as docx:
        assert people[0][len("代表/001 ") : -len(".docx")] in docx.read("word/document.xml").decode()


async def test_what_is_asked_wrongly_or_by_others_is_refused(told: Office) -> None:
    one = told.mandate(0)
    paths = ["/files.zip"]
    paths += [f"/deputies/{one.id}/file.{ending}" for ending in FORMS]
    paths += [f"/groups/{one.group_id}/file.{ending}" for ending in FORMS]
    elsewhere = told.driver.token(area="340281100")
    for path in paths:
        for query in ("", "?year=x"):
            answer = await told.driver.call("GET", path + query)
            assert [error["loc"] for error in answer.json["errors"]] == ["query.year"]
        unknown = await told.driver.call("GET", f"{path}?year=2020&shoe=1")
        assert [error["loc"] for error in unknown.json["errors"]] == ["query.shoe"]
        teller = await told.driver.call("GET", f"{path}?year=2020", token=told.driver.token("teller"))
        assert teller.status == 403
        assert (await told.driver.call("GET", f"{path}?year=2020", token=elsewhere)).status == 404
    for role in ("deputy", "leader"):
        own = as_deputy(told, one, role)
        assert (await told.driver.call("GET", "/files.zip?year=2020", token=own)).status == 403
    for ending in FORMS:
        nobody = await told.driver.call("GET", f"/deputies/nobody/file.{ending}?year=2020")
        nothing = await told.driver.call("GET", f"/groups/nothing/file.{ending}?year=2020")
        assert (nobody.code, nothing.code) == ("no-deputy", "no-group")
