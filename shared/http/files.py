"""Files that go out: bytes under a name people can read, never shown in place of a page."""

from urllib.parse import quote

from aiohttp import web

Download = web.Response


def download(data: bytes, filename: str, content_type: str) -> Download:
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(filename)}",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
    }
    return web.Response(body=data, content_type=content_type, headers=headers)
