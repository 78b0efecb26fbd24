"""`lvzhi settings`, `wording`, `approve` and `submit`: the office's part of a summary that is compiled."""

import json
import tomllib
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from services.cli.client import Client, calling
from services.cli.terminal import Token, Url, fail, run
from shared.errors import why_refused

_URL: Final = "http://127.0.0.1:8080"
_DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_ELSEWHERE: Final = ("year", "as_of")
"""Keys of a settings file that the command line gives by other means."""

Town = Annotated[str, typer.Argument(help="乡镇的 9 位区划代码")]
Period = Annotated[str, typer.Argument(help="统计期，写法同 report")]


def settings(
    town: Town,
    period: Period,
    file: Annotated[Path | None, typer.Argument(help="设置文件 .toml；不写则显示现有设置")] = None,
    url: Url = _URL,
    token: Token = "",
) -> None:
    """把总结的设置（主题、活动名称、自写段落、版头等）从 .toml 文件交给系统；文件里没有写的各项照旧。"""
    given = None if file is None else _read(file)

    async def send() -> dict[str, Any]:
        async with calling() as session:
            client = Client(session, url, token)
            return await _settings(client, f"{_base(town, period)}/settings", given)

    typer.echo(json.dumps(run(send()), ensure_ascii=False, indent=2))


def wording(
    town: Town,
    period: Period,
    file: Annotated[Path, typer.Argument(help="在 Word 或 WPS 中改过的总结 .docx")],
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只看认出了哪些改动，不保留")] = False,
    confirm: Annotated[bool, typer.Option("--confirm", help="删去的段落超过五分之一也照办")] = False,
    url: Url = _URL,
    token: Token = "",
) -> None:
    """交回在 Word 或 WPS 中改过文字的总结，逐段列出改动和不是系统算出的数字。"""
    content = _bytes(file)

    async def send() -> dict[str, Any]:
        async with calling() as session:
            asked = f"dry_run={dry_run}&confirm={confirm}".lower()
            path = f"{_base(town, period)}/wording?{asked}"
            return dict(await Client(session, url, token).put(path, content, {"Content-Type": _DOCX}))

    for line in changes(run(send())):
        typer.echo(line)


def approve(town: Town, period: Period, url: Url = _URL, token: Token = "") -> None:
    """核准总结：此后文字不再改动；“待核事项”中有必须先办的，列出来而不核准。"""
    run(_step(town, period, "approve", url, token))
    typer.echo(f"{period} 的总结已核准")


def submit(town: Town, period: Period, url: Url = _URL, token: Token = "") -> None:
    """把核准了的总结报县人大常委会。"""
    run(_step(town, period, "submit", url, token))
    typer.echo(f"{period} 的总结已上报")


def changes(answer: dict[str, Any]) -> list[str]:
    """What of an edited file was taken, a line each."""
    changed = [p for p in answer["paragraphs"] if p["state"] != "kept"]
    lines = [f"{'并入他段' if p['joined'] else _STATES[p['state']]}：{_shown(p)}" for p in changed]
    lines += [f"移动：{paragraph['text']}" for paragraph in answer["paragraphs"] if paragraph["moved"]]
    lines += [f"自拟标题：{heading['text']}" for heading in answer["headings"]]
    for paragraph in changed:
        lines += [f"  数字“{flag['text']}”不是系统算出的" for flag in paragraph["flags"]]
    lines += [f"新添（{section}）：{text}" for section, texts in answer["added"].items() for text in texts]
    lines += [f"没有采用：{ignored}" for ignored in answer["ignored"]]
    lines += [
        f"不合公文格式（{deviation['count']}处）：{deviation['message']}"
        for deviation in answer["deviations"]
    ]
    kept = "已保留" if answer["applied"] else "没有保留（--dry-run）"
    many = (
        "；删去的超过五分之一，保留须加 --confirm"
        if answer["needs_confirm"] and not answer["applied"]
        else ""
    )
    return [*lines, f"改动 {len(changed)} 段，{kept}{many}"]


_STATES: Final = {"edited": "改写", "removed": "删去"}


def _shown(paragraph: dict[str, Any]) -> str:
    """The text, or what was there before, with deletions and insertions marked."""
    marks = {"same": "{}", "gone": "［删：{}］", "new": "［增：{}］"}
    return "".join(marks[piece["kind"]].format(piece["text"]) for piece in paragraph["differences"])


def _base(town: str, period: str) -> str:
    return f"/reports/v1/towns/{town}/periods/{period}"


def _bytes(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        fail(f"读不了 {file}：{why_refused(error)}")


def _read(file: Path) -> dict[str, Any]:
    """The settings in a file, as JSON has them."""
    try:
        given = tomllib.loads(_bytes(file).decode("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        fail(f"{file} 不是 UTF-8 的 TOML 文件：{error}")
    kept = {key: value for key, value in given.items() if key not in _ELSEWHERE}
    return dict(json.loads(json.dumps(kept, default=str)))


async def _settings(client: Client, path: str, given: dict[str, Any] | None) -> dict[str, Any]:
    current = await client.json("GET", path)
    if given is None:
        return dict(current)
    headers = {"If-Match": f'"{current["version"]}"'} if current["version"] else {}
    return dict(await client.patch(path, given, headers))


async def _step(town: str, period: str, command: str, url: str, token: str) -> None:
    async with calling() as session:
        client = Client(session, url, token)
        report = await client.json("GET", f"{_base(town, period)}/report")
        await client.step(f"{_base(town, period)}/report:{command}", report["version"])
