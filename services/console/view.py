"""Templates and static files. Static files are named by their hash and cached for a year; pages are never stored."""

import gzip
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from aiohttp import web
from markupsafe import Markup

from services.console import numbers, words
from services.console.forms import Form
from shared.clock import BEIJING
from shared.http.html import environment

_HERE: Final = Path(__file__).parent
_TYPES: Final = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
_IMPORT: Final = re.compile(r'(from\s*"\./)([a-z_]+\.js)(")')
WEEKDAYS: Final = "一二三四五六日"
POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


@dataclass(frozen=True)
class StaticFile:
    name: str
    content: bytes
    compressed: bytes
    content_type: str


class StaticFiles:
    """The files by the names under which they are served: `form.3f2a91c0.js`."""

    def __init__(self, folder: Path) -> None:
        self.by_name: dict[str, StaticFile] = {}
        self._names: dict[str, str] = {}
        texts = {
            path.name: path.read_text("utf-8") for path in sorted(folder.iterdir()) if path.suffix in _TYPES
        }
        for name in texts:
            self._add(name, texts)

    def path(self, name: str) -> str:
        return f"/static/{self._names[name]}"

    def _add(self, name: str, texts: Mapping[str, str]) -> str:
        """Modules that a module imports come first: their names stand in it."""
        if name in self._names:
            return self._names[name]
        text = _IMPORT.sub(lambda m: m[1] + self._add(m[2], texts) + m[3], texts[name])
        content = text.encode()
        stem, suffix = Path(name).stem, Path(name).suffix
        hashed = f"{stem}.{hashlib.sha256(content).hexdigest()[:12]}{suffix}"
        self._names[name] = hashed
        self.by_name[hashed] = StaticFile(hashed, content, gzip.compress(content, 9, mtime=0), _TYPES[suffix])
        return hashed


STATIC: Final = StaticFiles(_HERE / "static")
_TEMPLATES: Final = environment(_HERE / "templates")


async def static(request: web.Request) -> web.Response:
    file = STATIC.by_name.get(request.match_info["name"])
    if file is None:
        raise web.HTTPNotFound
    headers = {"Cache-Control": "public, max-age=31536000, immutable", "Vary": "Accept-Encoding"}
    if "gzip" in request.headers.get("Accept-Encoding", ""):
        headers["Content-Encoding"] = "gzip"
        return web.Response(
            body=file.compressed, content_type=file.content_type, charset="utf-8", headers=headers
        )
    return web.Response(body=file.content, content_type=file.content_type, charset="utf-8", headers=headers)


def rendered(template: str, **context: Any) -> str:
    return _TEMPLATES.get_template(template).render(**context)


def told(form: Form) -> dict[str, str]:
    """What is wrong by field name, as it reads away from the field: with the field's label."""
    labels = {part.name: part.label for part in (*form.parts, *form.fields())}
    return {
        name: text if (label := labels.get(name, "")) in text else f"{label}：{text}"
        for name, text in form.faults.items()
    }


def page(text: str, status: int = 200) -> web.Response:
    headers = {"Content-Security-Policy": POLICY, "Cache-Control": "no-store"}
    response = web.Response(
        text=text, status=status, content_type="text/html", charset="utf-8", headers=headers
    )
    response.enable_compression()
    return response


def chinese_date(value: str | date | None, *, weekday: bool = False) -> str:
    """`2026年6月9日`; an instant is shown as the day in China."""
    if not value:
        return ""
    written = _day_of(value)
    return f"{written.year}年{written.month}月{written.day}日" + (
        f" 星期{WEEKDAYS[written.weekday()]}" if weekday else ""
    )


def short_date(value: str | date | None, today: date | None = None) -> str:
    """`6月9日`; with `today`, where nothing else names the year, the whole date of a day of another year."""
    if not value:
        return ""
    written = _day_of(value)
    if today and written.year != today.year:
        return chinese_date(written)
    return f"{written.month}月{written.day}日"


def moment(value: str | datetime | None) -> str:
    """`6月9日 14:05`, in China."""
    if not value:
        return ""
    at = datetime.fromisoformat(value) if isinstance(value, str) else value
    local = at.astimezone(BEIJING)
    return f"{local.month}月{local.day}日 {local:%H:%M}"


def _day_of(value: str | date) -> date:
    if isinstance(value, str):
        return (
            datetime.fromisoformat(value).astimezone(BEIJING).date()
            if "T" in value
            else date.fromisoformat(value)
        )
    return value


def _word(value: Any, kind: str) -> str:
    """The Chinese of a code; a code without one is shown as it is, so that nothing disappears."""
    return words.WORDS[kind].get(str(value), str(value))


def _word_list(value: Any, kind: str) -> str:
    """The Chinese of several codes, given as a list or joined by 、."""
    codes = value.split("、") if isinstance(value, str) else list(value or ())
    return "、".join(_word(code, kind) for code in codes if code)


def _paragraphs(text: str) -> Markup:
    return Markup("").join(
        Markup("<p>{}</p>").format(line) for line in str(text).splitlines() if line.strip()
    )


_TEMPLATES.globals.update(static=STATIC.path)
_TEMPLATES.filters.update(
    told=told,
    day=chinese_date,
    short_day=short_date,
    moment=moment,
    word=_word,
    words=_word_list,
    paragraphs=_paragraphs,
    amount=numbers.amount,
    change=numbers.change,
)
