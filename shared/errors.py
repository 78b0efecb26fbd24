"""The tree of errors: exceptions with a slug, a Chinese title and a kind that determines the HTTP status.

Problem
├── Malformed         400  malformed           the content cannot be parsed
├── Unauthenticated   401  unauthenticated     no token, or an invalid one
├── Forbidden         403  forbidden           authenticated, but not allowed
├── NotFound          404  not-found           does not exist, or not for this caller
├── MethodNotAllowed  405  method-not-allowed  the path exists, but not with this method
├── TooSlow           408  too-slow            the request did not arrive in time
├── Conflict          409  conflict            contradicts recorded data
│   └── RecordVoided  409  record-voided       entered by mistake and voided: it is kept as it was
├── Stale             412  stale-version       If-Match names another version than the current one
├── TooLarge          413  too-large           more bytes than this address takes
├── Unsupported       415  unsupported-type    not of a content type that is read here
├── Invalid           422  invalid-input       parsed, but not valid
│   └── PhotographUnfit    422  photograph-unfit    no picture, larger than is read, or not the cited one
├── TooMany           429  too-many-requests   slow down; Retry-After says for how long
└── Unavailable       503  unavailable         temporary: the same request may succeed later
    ├── Busy          503  busy                too many jobs of this kind are waiting already
    ├── FontMissing   503  font-missing        no Chinese font to set a PDF with
    └── ScanMissing   503  scan-missing        the libraries that read photographs are not installed

Services define their own trees by subclassing Problem or one of these.
"""

import errno
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import ClassVar, Final


class Kind(Enum):
    """The kind of a problem; the value is the HTTP status."""

    MALFORMED = 400
    UNAUTHENTICATED = 401
    FORBIDDEN = 403
    NOT_FOUND = 404
    METHOD_NOT_ALLOWED = 405
    TOO_SLOW = 408
    CONFLICT = 409
    STALE = 412
    TOO_LARGE = 413
    UNSUPPORTED = 415
    INVALID = 422
    TOO_MANY = 429
    UNAVAILABLE = 503


@dataclass(frozen=True)
class FieldError:
    """An error at a location, dotted from the part of the request: `body.items.0.name`; `more` describes that place."""

    loc: str
    message: str
    more: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class File:
    """A file for the caller to save."""

    data: bytes
    name: str
    content_type: str


class Problem(Exception):
    """An error for the caller, in Chinese (RFC 9457). `headers` are those of the HTTP response; `file` is its content
    instead of the problem, where the caller asked for one."""

    slug: ClassVar[str] = "problem"
    title: ClassVar[str] = "请求无法处理"
    kind: ClassVar[Kind] = Kind.INVALID
    file: File | None = None

    def __init__(
        self, detail: str = "", *, errors: Sequence[FieldError] = (), headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(detail or self.title)
        self.detail = detail
        self.errors = tuple(errors)
        self.headers = dict(headers or {})

    def within(self, item: str) -> "Problem":
        """The problem with locations prefixed by an item: `body.name` in `items.3` becomes `body.items.3.name`."""
        if not self.errors:
            self.errors = (FieldError(f"body.{item}", self.detail or self.title),)
            return self
        self.errors = tuple(
            replace(error, loc=f"body.{item}{error.loc.removeprefix('body')}") for error in self.errors
        )
        return self


class CannotStart(RuntimeError):
    """Why a process cannot start, or not go on: one sentence in Chinese for whoever started it."""


_REASONS: Final = {
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.EROFS: "只能读",
    errno.ENOSPC: "磁盘已满",
    errno.EDQUOT: "超过了磁盘配额",
    errno.EIO: "磁盘读写出错",
    errno.ENOENT: "找不到",
    errno.EEXIST: "已经有同名的",
    errno.EISDIR: "是文件夹",
    errno.ENOTDIR: "不是文件夹",
    errno.ENAMETOOLONG: "名称太长",
    errno.ETIMEDOUT: "没有应答",
    errno.EADDRNOTAVAIL: "这台机器没有这个地址",
}


def why_refused(error: OSError) -> str:
    """Why the system refused, in Chinese; what is rare in its own words."""
    return _REASONS.get(error.errno or 0, error.strerror or str(error))


class Malformed(Problem):
    slug, title, kind = "malformed", "请求内容无法识别", Kind.MALFORMED


class Unauthenticated(Problem):
    slug, title, kind = "unauthenticated", "未登录或凭证无效", Kind.UNAUTHENTICATED


class Forbidden(Problem):
    slug, title, kind = "forbidden", "没有权限", Kind.FORBIDDEN


class NotFound(Problem):
    slug, title, kind = "not-found", "没有找到", Kind.NOT_FOUND


class MethodNotAllowed(Problem):
    slug, title, kind = "method-not-allowed", "此地址不支持该操作", Kind.METHOD_NOT_ALLOWED


class TooSlow(Problem):
    slug, title, kind = "too-slow", "请求传得太慢，已中断，请重试", Kind.TOO_SLOW


class Conflict(Problem):
    slug, title, kind = "conflict", "与已有记录冲突", Kind.CONFLICT


class RecordVoided(Conflict):
    slug, title = "record-voided", "该记录已作废"


class Stale(Problem):
    slug, title, kind = "stale-version", "记录已被他人修改，请重新读取后再改", Kind.STALE


class TooLarge(Problem):
    slug, title, kind = "too-large", "内容过大", Kind.TOO_LARGE


class Unsupported(Problem):
    slug, title, kind = "unsupported-type", "不支持的内容类型", Kind.UNSUPPORTED


class Invalid(Problem):
    slug, title, kind = "invalid-input", "填写有误", Kind.INVALID


class TooMany(Problem):
    slug, title, kind = "too-many-requests", "请求过于频繁", Kind.TOO_MANY


class Unavailable(Problem):
    slug, title, kind = "unavailable", "服务暂时不可用，请稍后再试", Kind.UNAVAILABLE


class Busy(Unavailable):
    slug, title = "busy", "正在办理的同类请求太多，请稍后再试"


class FontMissing(Unavailable):
    slug, title = "font-missing", "服务器上没有中文字体，不能排成 PDF"


class ScanMissing(Unavailable):
    slug, title = "scan-missing", "没有安装识读照片的组件"


class PhotographUnfit(Invalid):
    slug, title = "photograph-unfit", "文件不能识读，或者不是所要的照片"
