"""The example's year in a running system: its records, its settings, and somebody in every role who may use it."""

import json
import os
import secrets
import shutil
import time
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError

from services.accounts.domain.second_step import STEP_SECONDS, digits
from services.cli.client import Client, calling
from services.cli.office import close_year, import_folder, town_of
from services.host.sandbox import Credentials, Person, Program, Sandbox
from services.host.standalone import running_system
from shared.clock import SystemClock
from shared.errors import CannotStart
from shared.observability import logs
from shared.process.serve import key_store, until_stopped
from shared.settings import Settings

FOLDER: Final = "example"
"""In the data folder: what is tried out never lies beside real records."""
CREDENTIALS: Final = "credentials.json"
UNFINISHED: Final = "unfinished"
PROGRAMS: Final = ("office", "county", "auditor", "service")
YEARS: Final = 5
"""How long credentials of programs are valid."""

Echo = Callable[[str], None]


def example_folder(data: Path) -> tuple[Path, Credentials | None]:
    """The folder of the example, empty or complete, and its credentials where it is complete. What an interrupted
    import left is deleted. Errors: CannotStart for a folder that this command did not make."""
    folder = data / FOLDER
    if (folder / UNFINISHED).exists():
        shutil.rmtree(folder)
    try:
        return folder, Credentials.model_validate_json((folder / CREDENTIALS).read_bytes())
    except (FileNotFoundError, ValidationError):
        if folder.exists() and any(folder.iterdir()):
            raise CannotStart(f"{folder} 里不是试用的示例；请另选数据文件夹，或者删掉它") from None
    folder.mkdir(parents=True, exist_ok=True)
    (folder / UNFINISHED).touch()
    return folder, None


async def serve_example(settings: Settings, examples: Path, echo: Echo) -> None:
    """Run the example until SIGTERM or SIGINT; it is imported at the first start. Webhooks may be sent to this
    machine."""
    folder, known = example_folder(settings.data_dir)
    settings = settings.model_copy(update={"data_dir": folder, "mongodb_url": None, "amqp_url": None})
    os.environ.setdefault("LVZHI_WEBHOOK_NETWORKS", '["127.0.0.0/8"]')
    logs.configure("WARNING")
    sandbox = Sandbox()
    async with running_system(settings, sandbox) as system:
        echo(f"履职系统已启动：{system.url}（用浏览器打开，Ctrl+C 停止）")
        if known is None:
            echo("第一次启动，正在导入示例镇的一年……")
            known = await prepare(settings, system.url, examples, echo)
        sandbox.credentials = known
        echo(described(known, system.url))
        await until_stopped(system.watch)


async def prepare(settings: Settings, url: str, examples: Path, echo: Echo) -> Credentials:
    """Bring in the example's year, close it, and give accounts and credentials; they are kept in the data folder."""
    keys = key_store(settings)
    town = town_of(examples, "")
    async with calling() as session:
        office = Client(session, url, keys.mint("office", town, ["office"]))
        tellers = [keys.mint(f"teller-{n}", town, ["teller"]) for n in (1, 2)]
        await import_folder(office, examples, tellers, dry_run=False, echo=echo)
        year, as_of = await send_settings(office, town, examples)
        await close_year(office, town, year, as_of)
        machine = Client(session, url, keys.mint("machine", "", ["service"]))
        known = Credentials(
            town=town,
            year=year,
            people=await _people(machine, office, town),
            programs=await _programs(machine, town),
        )
    file = settings.data_dir / CREDENTIALS
    file.touch(mode=0o600)
    file.write_text(known.model_dump_json(indent=1), "utf-8")
    (settings.data_dir / UNFINISHED).unlink()
    return known


async def send_settings(client: Client, town: str, examples: Path) -> tuple[int, str]:
    """Send the report's settings of the example; returns its year and `as_of`."""
    content = tomllib.loads((examples / "总结设置.toml").read_text("utf-8"))
    year, as_of = content.pop("year"), content.pop("as_of").isoformat()
    body: dict[str, Any] = json.loads(json.dumps(content, default=str))
    await client.json("PUT", f"/reports/v1/towns/{town}/years/{year}/settings", body)
    return year, as_of


async def add_person(client: Client, name: str, role: str, area: str, **bound: str) -> Person:
    """An account with its password, and with its second step where the role needs one."""
    body = {"name": name, "display_name": f"示例{name}", "roles": [role], "areas": [area], **bound}
    made = await client.json("POST", "/accounts/v1/accounts", body)
    code, password = made["set_up"]["code"], secrets.token_urlsafe(12)
    offered = (await client.json("POST", "/accounts/v1/set_ups:open", {"code": code}))["second_step"]
    sent, secret = {"code": code, "password": password}, None
    if offered is not None:
        secret = offered["secret"]
        sent["digits"] = digits(secret, int(time.time()) // STEP_SECONDS)
    await client.json("POST", "/accounts/v1/set_ups", sent)
    return Person(name=name, role=role, area=area, password=password, secret=secret)


async def _people(machine: Client, office: Client, town: str) -> list[Person]:
    """One for every role: a leader of a group, another deputy, two tellers of the last meeting."""
    found = await office.json(
        "GET", f"/roster/v1/towns/{town}/deputyships", None, status="serving", limit=1000
    )
    leader = next(one["id"] for one in found["items"] if "group_leader" in one["roles"])
    deputy = next(one["id"] for one in found["items"] if one["level"] == "town" and not one["roles"])
    meetings = await office.json("GET", f"/ratings/v1/towns/{town}/meetings", None, limit=1000)
    meeting = meetings["items"][-1]["id"]
    return [
        await add_person(machine, "office", "office", town),
        await add_person(machine, "leader", "leader", town, deputyship_id=leader),
        await add_person(machine, "deputy", "deputy", town, deputyship_id=deputy),
        await add_person(machine, "teller1", "teller", town, meeting_id=meeting),
        await add_person(machine, "teller2", "teller", town, meeting_id=meeting),
        await add_person(machine, "county", "county", town[:6]),
        await add_person(machine, "auditor", "auditor", town[:6]),
    ]


async def _programs(machine: Client, town: str) -> list[Program]:
    today = SystemClock().today()
    programs = []
    for role in PROGRAMS:
        area = town if role == "office" else town[:6]
        body = {"name": f"示例程序 {role}", "roles": [role], "areas": [area]}
        last = {"expires_on": today.replace(year=today.year + YEARS, day=1).isoformat()}
        given = await machine.json("POST", "/accounts/v1/clients", body | last)
        programs.append(
            Program(role=role, area=area, client_id=given["client_id"], client_secret=given["client_secret"])
        )
    return programs


def described(known: Credentials, url: str) -> str:
    """Everybody who may use the example, for whoever started it."""
    people = [
        f"  {one.role:8} {one.area:10} {one.name:8} {one.password}"
        + (f"  动态口令密钥 {one.secret}" if one.secret else "")
        for one in known.people
    ]
    programs = [f"  {one.role:8} {one.area:10} {one.client_id} {one.client_secret}" for one in known.programs]
    return "\n".join(
        [
            f"试用：{url}/sandbox（账号、凭证、正在发生的事件）；登录以后在页面上方选{known.year}年",
            "人的账号（角色、区划、登录名、口令）：",
            *people,
            "程序的凭证（角色、区划、client_id、client_secret）：",
            *programs,
        ]
    )
