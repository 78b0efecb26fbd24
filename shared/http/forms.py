"""Forms that browsers send: text fields, read whole or refused."""

import re
from typing import Final

from aiohttp import BodyPartReader, web
from aiohttp.http_exceptions import HttpProcessingError
from multidict import MultiDict, MultiDictProxy

from shared.errors import FieldError, Invalid, Malformed, TooLarge, Unsupported
from shared.http.bodies import FORM, unreadable
from shared.http.operation import MEBIBYTE
from shared.http.parsing import UNPRINTABLE

FORMS: Final = ("application/x-www-form-urlencoded", FORM)
UNDECODED: Final = "\ufffd"
FIELD_BYTES: Final = 200
"""What a field costs beside its name and value, in memory and in the page that shows it again."""
SURROGATE: Final = re.compile("[\ud800-\udfff]")


async def read_form(request: web.Request, *, limit: int) -> dict[str, str]:
    """The text fields of a form in UTF-8, by name.

    Errors: Unsupported (no form, or another charset), TooLarge, Malformed (cut off, no boundary, not UTF-8, a file, a
    field sent twice), Invalid (control characters).
    """
    fields: dict[str, str] = {}
    for name, value in (await posted(request, limit=limit)).items():
        if not isinstance(value, str):
            raise Malformed("这里不能上传文件", errors=[FieldError(f"body.{name[:100]}", "应为文字")])
        if name in fields:
            raise Malformed("同一个字段写了两次", errors=[FieldError(f"body.{name[:100]}", "写了两次")])
        if UNDECODED in name + value:
            raise Malformed("表单不是 UTF-8 编码")
        if UNPRINTABLE.search(name + value):
            raise Invalid(errors=[FieldError(f"body.{name[:100]}", "含有控制字符")])
        fields[name] = value
    return fields


async def posted(
    request: web.Request, *, limit: int
) -> MultiDictProxy[str | bytes | bytearray | web.FileField]:
    """All fields of a form, files too. Errors: Unsupported, TooLarge, Malformed (cut off, no boundary)."""
    if request.content_type not in FORMS or _charset(request) not in ("utf-8", "utf8"):
        raise Unsupported("应为网页表单，UTF-8 编码")
    try:
        fields = await request.clone(client_max_size=limit).post()
    except web.HTTPRequestEntityTooLarge:
        size = f"{limit >> 20} MB" if limit >= MEBIBYTE else f"{limit >> 10} KB"
        raise TooLarge(f"内容不能超过 {size}", headers={"Connection": "close"}) from None
    except (web.RequestPayloadError, HttpProcessingError):
        raise unreadable(request) from None
    except (ValueError, AssertionError, RuntimeError, LookupError):
        raise Malformed("表单无法识别") from None
    files = [value for value in fields.values() if isinstance(value, web.FileField)]
    texts = [*fields, *(file.filename for file in files), *(v for v in fields.values() if isinstance(v, str))]
    if any(map(SURROGATE.search, texts)):  # of bytes that are not UTF-8
        for file in files:
            file.file.close()
        raise Malformed("表单不是 UTF-8 编码")
    return fields


async def texts(request: web.Request, *, limit: int, most: int) -> MultiDict[str]:
    """The text fields of a form, at most `limit` bytes with their names; files are passed over as they arrive, and
    nothing of them is kept. `most`: bytes of all. Errors: as `posted`."""
    if request.content_type != FORM:
        sent = await posted(request, limit=limit)
        return MultiDict((name, value) for name, value in sent.items() if isinstance(value, str))
    try:
        found = await _typed(request, limit, most)
    except (web.RequestPayloadError, HttpProcessingError):
        raise unreadable(request) from None
    except (ValueError, AssertionError, RuntimeError, LookupError):
        raise Malformed("表单无法识别") from None
    if any(map(SURROGATE.search, found)):  # of bytes that are not UTF-8
        raise Malformed("表单不是 UTF-8 编码")
    return found


async def _typed(request: web.Request, limit: int, most: int) -> MultiDict[str]:
    found: MultiDict[str] = MultiDict()
    kept = 0
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader):
            raise Malformed("表单无法识别")
        name, value = part.name if part.filename is None else None, bytearray()
        kept += FIELD_BYTES + len(name or "")
        chunk: bytes | None = None
        while chunk != b"":
            chunk = await part.read_chunk()
            if name is not None:
                kept += len(chunk)
                value += chunk
            if kept > limit or request.content.total_bytes > most:
                raise TooLarge(f"内容不能超过 {most >> 20} MB", headers={"Connection": "close"})
        if name is not None:
            found.add(name, value.decode())
    return found


def _charset(request: web.Request) -> str:
    try:
        return (request.charset or "utf-8").lower()
    except ValueError:
        return "?"
