"""`lvzhi demo`: imports the example's workbooks, closes the year and writes the report."""

import tempfile
import time
from pathlib import Path
from typing import Any, Final

from rich.console import Console
from rich.table import Table

from services.cli import recounting
from services.cli.client import Client, calling
from services.cli.example import add_person, send_settings
from services.cli.office import close_year, fetch_report, import_folder, town_of
from services.cli.verifying import Unverifiable
from services.host.installation import TITLES
from services.host.standalone import running_system
from shared.observability import logs
from shared.process.serve import key_store, until_stopped
from shared.settings import Settings

FORMATS: Final = ("docx", "html", "xlsx", "json")
SEVERITIES: Final = {"block": "须先处理", "warn": "提醒", "info": "说明"}


async def run_demo(examples: Path, out: Path, *, stay: bool) -> None:
    """Run all services in this process with temporary stores; results go to `out`. `stay`: they can be looked at in a
    browser until Ctrl+C."""
    console = Console(highlight=False)
    started = time.monotonic()
    logs.configure("WARNING")
    with tempfile.TemporaryDirectory(prefix="lvzhi-demo-") as data:
        settings = Settings(port=0, data_dir=Path(data), mongodb_url=None, amqp_url=None)
        console.print("[bold]1/4[/bold] 启动各服务和控制台（内嵌数据库，内存消息通道）……")
        async with running_system(settings) as system, calling() as session:
            keys = key_store(settings)
            town = town_of(examples, "")
            client = Client(session, system.url, keys.mint("office", town, ["office"]))
            tellers = [keys.mint(f"teller-{n}", town, ["teller"]) for n in (1, 2)]
            console.print(f"[bold]2/4[/bold] 导入 {examples}/ 中的工作簿……")
            await import_folder(
                client, examples, tellers, dry_run=False, echo=lambda line: console.print("    " + line)
            )
            year, as_of = await send_settings(client, town, examples)
            console.print(f"[bold]3/4[/bold] {year} 年封账（截至 {as_of}）：封存、核对、编制……")
            report = await close_year(client, town, year, as_of)
            console.print("[bold]4/4[/bold] 输出文件……")
            name = report["title"]
            files = [out / f"{name}.{extension}" for extension in FORMATS]
            for file in files:
                await fetch_report(client, town, year, file)
            print_report(console, report)
            for file in files:
                console.print(f"  {file}  （{file.stat().st_size // 1024 + 1} KB）")
            await _verify(console, client, files[0], town)
            console.print(f"全程用时 {time.monotonic() - started:.1f} 秒")
            if stay:
                person = await add_person(client, "demo", "office", town)
                path = await system.console.admit(person.name, person.password, year)
                console.print(
                    f"浏览器里看（按 Ctrl+C 停止，示例数据随之删除）：[bold]{system.url}{path}[/bold]",
                    soft_wrap=True,
                )
                await until_stopped(system.watch)


async def _verify(console: Console, client: Client, file: Path, town: str) -> None:
    """Errors: Unverifiable."""
    document = file.read_bytes()
    events, keys = await recounting.feeds(client, town), await recounting.published_keys(client)
    scope = recounting.about(document, town, (None, None))
    result = recounting.recounted(document, events, *scope, keys=keys)
    console.print(f"核验 {file.name}：{recounting.summary(result)}")
    if result.faults or result.beside:
        raise Unverifiable(f"{file.name} 没有通过核验")


def print_report(console: Console, report: dict[str, Any]) -> None:
    """Figures, findings and proof as tables, in full on a terminal of 80 columns."""
    figures = Table(title=f"{report['title']}：数字", title_justify="left")
    for header in ("指标", "数值", "依据"):
        figures.add_column(header, justify="left" if header == "指标" else "right", overflow="fold")
    for figure in report["figures"]:
        figures.add_row(figure["label"], _value(figure), f"{len(figure['records'])} 条记录")
    console.print(figures)
    findings = Table(title="核对中的发现", title_justify="left")
    findings.add_column("程度", no_wrap=True)
    findings.add_column("说明", overflow="fold")
    for finding in report["findings"]:
        findings.add_row(SEVERITIES[finding["severity"]], finding["message"])
    console.print(findings)
    proof = Table(title="完整性证明：每个来源的事件一件不少，散列相连", title_justify="left")
    for header in ("来源", "末号", "散列", "记录", "计入", "排除"):
        proof.add_column(header, justify="left" if header in ("来源", "散列") else "right")
    for source in report["sources"]:
        proof.add_row(
            TITLES[source["source"]],
            str(source["head"]),
            str(source["hash"])[:16] + "…",
            str(sum(source["counts"].values())),
            str(source["counted"]),
            str(len(source["excluded"])),
        )
    console.print(proof)


def _value(figure: dict[str, Any]) -> str:
    if figure["status"] in ("missing", "not_applicable"):
        return {"missing": "缺", "not_applicable": "不适用"}[figure["status"]]
    if figure["denominator"] is not None:
        return f"{figure['value']:.1%}（{figure['numerator']}/{figure['denominator']}）"
    return f"{figure['value']}{figure['unit']}"
