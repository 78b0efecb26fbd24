"""Reference pages for operators: settings and metrics, and code quoted in the developer's pages."""

import ast
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import UnionType
from typing import Any, Final, Literal, Union, get_args, get_origin

import typer
from prometheus_client import Metric
from prometheus_client.metrics import MetricWrapperBase
from pydantic import SecretStr
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined
from pydantic_settings import BaseSettings

from services.accounts.settings import Settings as Accounts
from services.activities.settings import Settings as Activities
from services.cli.__main__ import app
from services.console.settings import Settings as Console
from services.host.adapter import Settings as Adapter
from services.host.gateway import Settings as Gateway
from services.ratings.settings import Settings as Ratings
from services.reports.settings import Settings as Reports
from shared.observability.metrics import REGISTRY
from shared.settings import Settings

ROOT: Final = Path(__file__).resolve().parent.parent
GENERATED: Final = "<!-- made by scripts/describe.py -->"
WORDS: Final = tomllib.loads((ROOT / "scripts" / "reference.toml").read_text("utf-8"))
"""`settings`: Chinese by variable. `metrics`: unit, meaning, and when to act, by name as exposed."""
OWNERS: Final[Mapping[str, type[BaseSettings]]] = {
    "所有服务": Settings,
    "activities 履职": Activities,
    "ratings 测评": Ratings,
    "reports 总结": Reports,
    "accounts 账号": Accounts,
    "console 控制台": Console,
    "gateway 网关": Gateway,
    "adapter 适配器": Adapter,
}
QUOTED: Final = re.compile(r"(<!-- code: (\S+?):(\S+) -->\n).*?(<!-- end of code -->)", re.DOTALL)
KINDS: Final[Mapping[object, str]] = {
    str: "文字",
    int: "整数",
    float: "数",
    bool: "true、false",
    Path: "路径",
    SecretStr: "密",
}


def reference_pages() -> Iterator[tuple[Path, str]]:
    """The path and content of each page."""
    docs = ROOT / "docs"
    yield docs / "configuration.md", configuration()
    yield docs / "metrics.md", metrics()
    for page in sorted(docs.rglob("*.md")):
        if QUOTED.search(text := page.read_text("utf-8")):
            yield page, with_code(text)


def variables(owner: type[BaseSettings]) -> Iterator[tuple[str, FieldInfo]]:
    """The environment variables of a settings class that its base has not."""
    prefix = owner.model_config["env_prefix"]
    for name, field in owner.model_fields.items():
        if issubclass(owner, Settings) and owner is not Settings and name in Settings.model_fields:
            continue
        alias = field.validation_alias
        yield (alias if isinstance(alias, str) else f"{prefix}{name}".upper()), field


def configuration() -> str:
    """The page of all settings."""
    lines = [
        "# 设置",
        "",
        GENERATED,
        "",
        "全部由环境变量给出，启动时读一次；写错的值使进程不启动，并写明是哪一个。",
        "清单和映射写成 JSON。标“密”的不会出现在日志里。",
        "`lvzhi serve` 读“所有服务”和各服务自己的；分开运行时，每个进程只读自己的和“所有服务”的。",
    ]
    for title, owner in OWNERS.items():
        lines += ["", f"## {title}", "", "| 变量 | 值 | 默认 | 含义 |", "|---|---|---|---|"]
        for variable, field in variables(owner):
            meaning = WORDS["settings"].get(variable, field.description or "")
            lines.append(f"| `{variable}` | {_kind(field)} | {_default(field)} | {meaning} |")
    lines += [
        "",
        "## 命令行",
        "",
        "命令的选项也可以用环境变量给出：",
        "",
        "| 变量 | 选项 | 含义 |",
        "|---|---|---|",
    ]
    lines += [f"| `{variable}` | `{option}` | {help} |" for variable, option, help in sorted(set(_options()))]
    return "\n".join([*lines, ""])


def _kind(field: FieldInfo) -> str:
    annotation = field.annotation
    if get_origin(annotation) in (Union, UnionType):
        annotation = next(part for part in get_args(annotation) if part is not type(None))
    if get_origin(annotation) is Literal:
        return "、".join(map(str, get_args(annotation)))
    kind = KINDS.get(annotation, "") if isinstance(annotation, type) else ""
    kind = kind or ("映射" if get_origin(annotation) is dict else "清单")
    signs = {"ge": "≥", "gt": ">", "le": "≤", "lt": "<"}
    limits = [
        f"{sign} {getattr(rule, name)}"
        for rule in field.metadata
        for name, sign in signs.items()
        if getattr(rule, name, None) is not None
    ]
    return " ".join([kind, "，".join(limits)]).strip()


def _default(field: FieldInfo) -> str:
    value: Any = field.default
    if value is PydanticUndefined or value in (None, "", (), {}):
        return ""
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    return f"`{list(value) if isinstance(value, tuple) else value}`".replace("'", '"')


def _options() -> Iterator[tuple[str, str, str]]:
    """(variable, option, help) of every option of the command line that an environment variable can give."""
    commands: list[Any] = [typer.main.get_command(app)]
    while commands:
        command = commands.pop()
        commands += getattr(command, "commands", {}).values()
        for option in getattr(command, "params", ()):
            if isinstance(variable := option.envvar, str):
                yield variable, option.opts[0], getattr(option, "help", None) or ""


def families() -> list[MetricWrapperBase]:
    """Every metric of the project's own, by name."""
    collectors = REGISTRY._collector_to_names  # noqa: SLF001 - labels are told by the collector alone
    return sorted(
        (c for c in collectors if isinstance(c, MetricWrapperBase)), key=lambda one: family_of(one).name
    )


def family_of(metric: MetricWrapperBase) -> Metric:
    """Name, type and English meaning of a metric."""
    return next(iter(metric.describe()))


def exposed(metric: MetricWrapperBase) -> str:
    """The name under which Prometheus knows a metric; of a histogram that of the family."""
    family = family_of(metric)
    return f"{family.name}_total" if family.type == "counter" else family.name


def labels(metric: MetricWrapperBase) -> Sequence[str]:
    names: Sequence[str] = metric._labelnames  # noqa: SLF001
    return names


def metrics() -> str:
    lines = [
        "# 指标",
        "",
        GENERATED,
        "",
        "各服务的 `/{服务}/metrics`，Prometheus 格式；从哪里取、为什么网关不转发，见[运行维护](operating.md#指标)。",
        "告警规则在 [`docs/monitoring/alerts.yml`](monitoring/alerts.yml)，Grafana 面板在",
        "[`docs/monitoring/dashboard.json`](monitoring/dashboard.json)，用法见[运行维护](operating.md#告警和面板)。",
        "除下列各项以外，还有 Python 和进程自己的 `python_…`、`process_…`。",
        "",
        "| 指标 | 类型 | 单位 | 标签 | 含义 | 什么时候要管 |",
        "|---|---|---|---|---|---|",
    ]
    for metric in families():
        name, family = exposed(metric), family_of(metric)
        unit, meaning, act = WORDS["metrics"].get(name, ("", family.documentation, ""))
        told = "、".join(f"`{label}`" for label in labels(metric))
        lines.append(f"| `{name}` | {family.type} | {unit} | {told} | {meaning} | {act} |")
    lines += ["", "数据库不在时，从数据库里数出来的那几项不显示，以免把旧数当新数。", ""]
    return "\n".join(lines)


def with_code(page: str) -> str:
    """The page with each quotation (`<!-- code: path:name -->`) as the source has it now. Errors: LookupError."""
    return QUOTED.sub(
        lambda found: f"{found[1]}```python\n{_source(found[2], found[3])}\n```\n{found[4]}", page
    )


def _source(path: str, name: str) -> str:
    text = (ROOT / path).read_text("utf-8")
    outer, *inner = name.split(".")
    node = _named(ast.parse(text), outer, path)
    for part in inner:
        node = _named(node, part, path)
    first = min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", ()))])
    lines = text.splitlines()[first - 1 : node.end_lineno]
    indent = len(lines[0]) - len(lines[0].lstrip())
    return "\n".join(line[indent:] for line in lines)


def _named(within: ast.AST, name: str, path: str) -> ast.stmt:
    body: Sequence[ast.stmt] = getattr(within, "body", ())
    for node in body:
        targets = [getattr(node, "target", None), *getattr(node, "targets", ())]
        if getattr(node, "name", None) == name or any(getattr(t, "id", None) == name for t in targets):
            return node
    raise LookupError(f"{path} has no {name}")
