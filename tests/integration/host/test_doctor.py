"""`lvzhi doctor` beside a running system and real servers; its bundle says nothing of a person, key or password."""

import io
import json
import re
import zipfile
from pathlib import Path
from urllib.parse import quote

import pytest

from services.cli import doctor
from shared.settings import Settings
from tests.fixtures.systems import alone

TOWN = "340281199"
NAME, PHONE, ID_NUMBER = "欧阳示例诊断", "13800001234", "340281197001010016"

pytestmark = [pytest.mark.own_servers]


async def test_a_running_system_is_well_and_its_bundle_has_no_personal_data(tmp_path: Path) -> None:
    (data := tmp_path / "data").mkdir()
    async with alone(data, LVZHI_PUBLIC_URL="https://somebody:hunter2@lvzhi.example") as system:
        office = await system.token(TOWN, "office", subject=NAME)
        await system.must("PUT", f"/roster/v1/towns/{TOWN}", office, {"name": "诊断镇"})
        person = {"name": NAME, "phone": PHONE, "id_number": ID_NUMBER}
        made = await system.must("POST", f"/roster/v1/towns/{TOWN}/people", office, person)
        await system.must("GET", f"/roster/v1/towns/{TOWN}/people?q={quote(NAME[:2])}", office)
        said = await system.cli(
            *("doctor", "--data", str(system.data), "--url", system.url, "--bundle", str(tmp_path / "b.zip"))
        )
        assert re.search(r"✓ 系统  在运行，5 个服务都正常", said)
        assert "正在使用" in said
        secrets = [
            file.read_text()
            for file in (system.data / "keys").rglob("*")
            if file.is_file() and "jwks" not in file.name
        ]
    parts = contents(tmp_path / "b.zip")
    assert (
        "/roster/v1/towns/{town}/people" in parts["指标/roster.txt"]
    )  # it was asked for, and is told by its form
    assert json.loads(parts["操作.json"])[0]["command"] == "serve"
    everything = "\n".join([*parts, *parts.values()])
    words = [
        NAME,
        PHONE,
        ID_NUMBER,
        "诊断镇",
        made["id"],
        office,
        "hunter2",
        "somebody",
        str(Path.home()) + "/",
        *secrets,
    ]
    assert [word for word in words if word in everything] == []


def contents(bundle: Path) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(bundle.read_bytes())) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


async def test_real_servers_are_named_with_their_versions(
    tmp_path: Path, mongo_url: str, amqp_url: str
) -> None:
    place = doctor.Place(
        Settings(data_dir=tmp_path, mongodb_url=mongo_url, amqp_url=amqp_url), "http://127.0.0.1:1"
    )
    (broker,) = [finding async for finding in doctor.broker(place)]
    assert (broker.state, re.fullmatch(r"RabbitMQ \d+\.\d+.*", broker.text) is not None) == ("✓", True)
    (database,) = [finding async for finding in doctor.database(place)]
    assert "连不上" not in database.text
