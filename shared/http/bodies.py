"""Request bodies: limits of size, content types, JSON and file uploads."""

import hashlib
import re
from collections.abc import Sequence
from contextlib import ExitStack
from typing import Any, Final
from urllib.parse import unquote

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError
from aiohttp.web_request import FileField
from pydantic import BaseModel

from shared.errors import FieldError, Malformed, TooLarge, Unsupported
from shared.http.call import Upload
from shared.http.operation import Operation
from shared.http.parsing import read_json

JSON_TYPES: Final = ("application/json", "application/merge-patch+json")
FORM: Final = "multipart/form-data"
_CLOSE: Final = {"Connection": "close"}
"""For answers to a body that was not read to its end: the connection cannot be used again (RFC 9112 § 9.3)."""
_SYNTAX: Final = re.compile(r"[\x00-\x1f\x7f/\\]")
_FILENAME: Final = re.compile(r'filename="?([^";]+)')


async def receive(operation: Operation, request: web.Request) -> tuple[Any, str]:
    """Read the body as the operation declares it; return it and the SHA-256 of its bytes in hexadecimal.

    Errors: TooLarge, Malformed, Unsupported, Invalid.
    """
    if operation.body is None:
        return None, ""
    if request.content_length is not None and request.content_length > operation.limit:
        raise _too_large(operation.limit)
    limited = request.clone(client_max_size=operation.limit)
    try:
        if operation.body is Upload:
            upload = await _upload(limited, operation.accepts)
            return upload, hashlib.sha256(upload.data).hexdigest()
        content = await limited.read()
    except web.HTTPRequestEntityTooLarge:
        raise _too_large(operation.limit) from None
    except (web.RequestPayloadError, HttpProcessingError):
        raise unreadable(request) from None
    return _json(operation.body, limited, content), hashlib.sha256(content).hexdigest()


def unreadable(request: web.Request) -> Malformed:
    """For a body that breaks off or cannot be decompressed. aiohttp would read on, fail again, and cut the connection
    before the answer has arrived: the body counts as ended."""
    request.content.feed_eof()
    return Malformed("请求内容不完整", headers=_CLOSE)


def _too_large(limit: int) -> TooLarge:
    return TooLarge(f"内容不能超过 {limit // 1024} KB", headers=_CLOSE)


def _json(model: type[BaseModel], request: web.Request, content: bytes) -> BaseModel:
    if not content and not any(field.is_required() for field in model.model_fields.values()):
        return read_json(model, b"{}")
    try:
        charset = (request.charset or "utf-8").lower()
    except ValueError:
        charset = "?"
    if request.content_type not in JSON_TYPES or charset not in ("utf-8", "utf8"):
        raise Unsupported("应为 application/json，UTF-8 编码")
    return read_json(model, content)


async def _upload(request: web.Request, accepts: Sequence[str]) -> Upload:
    if request.content_type == FORM:
        upload = await _form_file(request)
    else:
        named = _FILENAME.search(request.headers.get("Content-Disposition", ""))
        upload = Upload(safe_filename(named[1] if named else ""), request.content_type, await request.read())
    if accepts and upload.content_type not in accepts:
        raise Unsupported(f"可以上传：{'、'.join(accepts)}")
    if not upload.data:
        raise Malformed("文件是空的")
    return upload


async def _form_file(request: web.Request) -> Upload:
    try:
        fields = await request.post()
    except (ValueError, AssertionError, RuntimeError, LookupError):
        raise Malformed("表单无法识别") from None
    files = [value for value in fields.values() if isinstance(value, FileField)]
    with ExitStack() as stack:
        for file in files:
            stack.enter_context(file.file)
        if len(files) != 1:
            raise Malformed("应当上传一个文件", errors=[FieldError("body.file", "应当有且只有一个文件")])
        return Upload(safe_filename(files[0].filename), files[0].content_type.lower(), files[0].file.read())


def safe_filename(name: str) -> str:
    """The last part of a path, at most 200 characters, without characters special in a file system or a header."""
    return _SYNTAX.sub("_", unquote(name).replace("\\", "/").rsplit("/", 1)[-1]).strip(" .")[:200]
