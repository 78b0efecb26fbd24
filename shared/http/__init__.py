"""The HTTP door of a service: typed routes, RFC 9457 problems, OpenAPI 3.1, health and metrics over aiohttp.

An `Api` is declared once per service (`resource`, `command`, `route`), then served alone (`build_app`) or together with
others on one port (`edge` and `mount`).
"""

from shared.http.api import Api, permissions
from shared.http.call import Call, Reply, Upload
from shared.http.files import Download, download
from shared.http.operation import EVERYONE, PUBLIC, Operation
from shared.http.parsing import omitted, patch_of
from shared.http.resource import Order, Question
from shared.http.server import KEYS, build_app, edge, mount

__all__ = [
    "EVERYONE",
    "KEYS",
    "PUBLIC",
    "Api",
    "Call",
    "Download",
    "Operation",
    "Order",
    "Question",
    "Reply",
    "Upload",
    "build_app",
    "download",
    "edge",
    "mount",
    "omitted",
    "patch_of",
    "permissions",
]
