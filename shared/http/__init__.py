"""The HTTP interface of a service on aiohttp: typed routes, RFC 9457 problems, OpenAPI 3.1, health and metrics.

Modules declare routes (`route`, `resource`); the `app.py` of a service adds them to its `Api`, which is mounted on an
application, alone or together with others (`edge`, `mount`).
"""

from shared.http.api import Api, permissions
from shared.http.call import Call, Reply, Upload
from shared.http.files import Download, download
from shared.http.forms import posted, read_form, texts
from shared.http.listing import Filter, Order
from shared.http.operation import EVERYONE, PUBLIC, Operation
from shared.http.parsing import omitted, patch_of
from shared.http.resource import Resource, resource
from shared.http.route import Route, route
from shared.http.server import KEYS, edge, mount

__all__ = [
    "EVERYONE",
    "KEYS",
    "PUBLIC",
    "Api",
    "Call",
    "Download",
    "Filter",
    "Operation",
    "Order",
    "Reply",
    "Resource",
    "Route",
    "Upload",
    "download",
    "edge",
    "mount",
    "omitted",
    "patch_of",
    "permissions",
    "posted",
    "read_form",
    "resource",
    "route",
    "texts",
]
