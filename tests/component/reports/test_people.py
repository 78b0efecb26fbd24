"""What is held about one person: what he said of his files, and which facts about him are kept."""

from tests.component.reports.conftest import Office
from tests.probes import eventually


async def test_everything_held_about_one_person_is_given_to_the_office_alone(office: Office) -> None:
    driver, book = office.driver, office.book
    mine = book.deputy("丁示例77")
    other = book.deputy("戊示例78")
    person = book.events["roster"][-4].subject.partition("/")[2]
    await office.tell()
    path = f"/people/{person}/export"

    async def heard() -> bool:
        return (await driver.call("GET", path)).status == 200

    await eventually(heard)
    for one in (mine, other):
        body = {"text": f"缺少{one}的一次", "on_behalf": True, "on": "2021-01-05"}
        await driver.post(f"/deputies/{one}/file:object", {"year": 2020, **body})
    held = await driver.get(path)
    assert (held["person"]["name"], held["deputyship_ids"]) == ("丁示例77", [mine])
    assert [one["text"] for one in held["objections"]] == [f"缺少{mine}的一次"]
    assert [event["subject"] for event in held["events"]] == [f"person/{person}", f"deputyship/{mine}"]
    assert "戊示例78" not in str(held)
    for role in ("deputy", "leader", "county", "auditor", "teller"):
        assert (await driver.call("GET", path, token=driver.token(role))).status == 403
    assert (await driver.call("GET", path, token=driver.token(area="340281101"))).status == 404
    assert (await driver.call("GET", "/people/unknown/export")).status == 404
    assert (await driver.call("GET", f"{path}?year=2020")).status == 422
