"""The audit: who did what to whom, and who read whose data; for the office of the town, its county and the auditor."""

import json

import structlog

from shared.clock import timestamp
from tests.component.accounts.conftest import CLERK, PASSWORD, Desk
from tests.fixtures.apps import TOWN

AUDIT = f"/towns/{TOWN}/audit"


async def test_what_was_done_to_accounts_is_recorded(office: Desk) -> None:
    account = await office.made(CLERK)
    await office.sign_in("wang01", "not the password")
    own = office.as_((await office.sign_in("wang01")).json["access_token"])
    page = await own.must("GET", AUDIT)
    told = [(entry["kind"], entry["actor"], entry["detail"]) for entry in page["items"]]
    assert told == [
        ("sign_in", account["id"], "password"),
        ("sign_in_refused", "", "password"),
        ("account_set_up", account["id"], None),
        ("account_added", "clerk", None),
    ]
    assert {entry["subject"] for entry in page["items"]} == {f"account/{account['id']}"}
    assert page["items"][0]["actor_name"] == "wang01"
    text = json.dumps(page, ensure_ascii=False)
    assert all(secret not in text for secret in (PASSWORD, "not the password", "argon2", "127.0.0.1"))


async def test_reads_of_personal_data_are_collected(office: Desk) -> None:
    read = {"id": "r1", "records": ["person/p1", "person/p2"], "fields": ["id_number", "phone"]}
    now = timestamp(
        office.driver.alive.store.clock.now()
    )  # what is older than it is kept is erased meanwhile
    await office.driver.says("roster.personal_data.read.v1", read, time=now)
    of_opinion = {**read, "records": ["opinion/o1"]}
    await office.driver.says("activities.personal_data.read.v1", of_opinion, time=now)
    items = (await office.must("GET", AUDIT))["items"]
    assert {(item["service"], item["subject"], tuple(item["fields"])) for item in items} == {
        ("roster", "records", ("id_number", "phone")),
        ("activities", "opinion/o1", ("id_number", "phone")),
    }


async def test_pages_go_back_in_time(office: Desk) -> None:
    for number in range(5):
        await office.must("POST", "/accounts", CLERK | {"name": f"wang{number:02}"})
    first = await office.must("GET", f"{AUDIT}?limit=3")
    rest = await office.must("GET", f"{AUDIT}?limit=3&cursor={first['next_cursor']}")
    ids = [item["id"] for item in first["items"] + rest["items"]]
    assert len(set(ids)) == 5
    assert rest["next_cursor"] is None
    read = {"id": "r1", "records": ["person/p1"], "fields": ["phone"]}
    now = timestamp(office.driver.alive.store.clock.now())
    await office.driver.says("roster.personal_data.read.v1", read, time=now)
    reads = (await office.must("GET", f"{AUDIT}?kind=personal_data_read"))["items"]
    assert [item["subject"] for item in reads] == ["person/p1"]
    await office.refused("GET", f"{AUDIT}?kind=gossip", None, 422, "invalid-input")


async def test_the_audit_of_another_town_is_not_there(office: Desk, county: Desk) -> None:
    await office.must("POST", "/accounts", CLERK)
    elsewhere = office.as_(office.driver.token("office", area="340281198"))
    await elsewhere.refused("GET", AUDIT, None, 404, "not-found")
    await office.refused("GET", "/towns/340281000/audit", None, 404, "not-found")
    assert len((await county.must("GET", AUDIT))["items"]) == 1
    auditor = office.as_(office.driver.token("auditor"))
    assert len((await auditor.must("GET", AUDIT))["items"]) == 1
    for role in ("deputy", "leader", "teller", "service"):
        await office.as_(office.driver.token(role)).refused("GET", AUDIT, None, 403, "forbidden")


async def test_no_secret_is_in_a_log_line_an_event_or_an_answer_kept(office: Desk) -> None:
    with structlog.testing.capture_logs() as lines:
        account = await office.must("POST", "/accounts", CLERK, headers={"Idempotency-Key": "k1"})
        await office.set_up(account["set_up"]["code"])
        await office.sign_in("wang01", "not the password")
        signed_in = (await office.sign_in("wang01")).json
        client = {"name": "县系统", "roles": ["service"], "areas": [TOWN], "expires_on": "2099-12-31"}
        given = await office.must("POST", "/clients", client, headers={"Idempotency-Key": "k2"})
    secrets = [PASSWORD, "not the password", given["client_secret"], signed_in["refresh_token"].split(".")[1]]
    secrets += [
        account["set_up"]["code"],
        account["set_up"]["code"].replace("-", ""),
        signed_in["access_token"],
    ]
    database = office.driver.alive.store.database
    stored = [
        str(await database[name].find().to_list(None)) for name in await database.list_collection_names()
    ]
    told = [str(lines), *stored]
    assert [secret for secret in secrets for text in told if secret in text] == []


async def test_the_audit_of_a_span_of_days_in_china(office: Desk) -> None:
    await office.must("POST", "/accounts", CLERK)
    [entry] = (await office.must("GET", AUDIT))["items"]
    database = office.driver.alive.store.database
    for at, found in (("2026-03-31T16:00:00.000Z", True), ("2026-03-31T15:59:59.999Z", False)):
        await database["audit"].update_many({"_id": entry["id"]}, {"$set": {"at": at}})
        assert bool((await office.must("GET", f"{AUDIT}?from=2026-04-01&to=2026-04-01"))["items"]) is found
        assert bool((await office.must("GET", f"{AUDIT}?to=2026-03-31"))["items"]) is not found
    answer = await office.call("GET", f"{AUDIT}?from=yesterday")
    assert (answer.status, answer.json["errors"][0]["loc"]) == (422, "query.from")
