"""What is held about one person: where he was rated, what was published of it, his reports – never a ballot."""

from tests.component.ratings.conftest import Town


async def test_everything_held_about_one_person_is_given_to_the_office_alone(town: Town) -> None:
    for one, name in (("d1", "王示例01"), ("d2", "李示例02")):
        await town.deputy(one, name)
    public, sealed = await town.published(), await town.counted()
    report = {"meeting_id": public, "deputyship_id": "d1", "form": "oral", "text": "一年来"}
    assert (await town.post("duty_reports", report)).status == 201
    path = "people/p-d1/export"
    held = (await town.get(path)).json
    assert (held["person_id"], held["name"], held["deputyship_ids"]) == ("p-d1", "王示例01", ["d1"])
    rated = {one["meeting_id"]: [line["deputyship_id"] for line in one["results"]] for one in held["rated"]}
    assert rated == {public: ["d1"], sealed: []}
    assert [one["text"] for one in held["duty_reports"]] == ["一年来"]
    assert "李示例02" not in str(held)
    for role in ("deputy", "leader", "county", "auditor", "teller"):
        assert (await town.get(path, as_=f"x:{role}")).status == 403
    assert (await town.get("people/unknown/export")).status == 404
    assert (await town.ask("GET", path, area="340281101")).status == 404
    assert (await town.get(f"{path}?year=2020")).status == 422
