"""File downloads: responses that a browser saves and never renders."""

from urllib.parse import quote

from aiohttp import web

Download = web.Response


def download(data: bytes, filename: str, content_type: str) -> Download:
    """A response with Content-Disposition `attachment`; the file name may be Chinese (RFC 8187)."""
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(filename)}",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
    }
    return web.Response(body=data, content_type=content_type, headers=headers)
