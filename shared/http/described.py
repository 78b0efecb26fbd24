"""Answers with a document that is the same for everybody: prepared once, in a thread, with entity tag and gzip."""

import asyncio
import gzip
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from aiohttp import ETag, web

from shared.http.conditions import unchanged


@dataclass(frozen=True)
class Described:
    """`read`: makes the document when it is first asked for."""

    read: Callable[[], bytes]
    content_type: str = "application/json"

    @cached_property
    def _prepared(self) -> tuple[bytes, bytes, str]:
        """As it is, compressed, and the digest by which a client knows it again."""
        content = self.read()
        return content, gzip.compress(content, mtime=0), hashlib.sha256(content).hexdigest()[:32]

    async def answer(self, request: web.Request) -> web.Response:
        content, compressed, digest = await asyncio.to_thread(lambda: self._prepared)
        if unchanged(request.headers.getall("If-None-Match", ()), f'"{digest}"'):
            response = web.Response(status=304)
        elif "gzip" in request.headers.get("Accept-Encoding", ""):
            response = web.Response(body=compressed, content_type=self.content_type, charset="utf-8")
            response.headers["Content-Encoding"] = "gzip"
        else:
            response = web.Response(body=content, content_type=self.content_type, charset="utf-8")
        response.etag = ETag(digest, is_weak=True)  # of the document, whatever its encoding
        response.headers.update({"Cache-Control": "no-cache", "Vary": "Accept-Encoding"})
        return response
