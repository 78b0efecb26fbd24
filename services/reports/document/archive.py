"""Streaming zip archive: one file in memory at a time; equal files give equal bytes."""

import zipfile
from collections.abc import Iterable, Iterator

_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest time of the format, so that bytes do not depend on the clock


class _Sink:
    """Write-only target of the archive; without seek, so that written pieces can be sent at once."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def write(self, data: bytes) -> int:
        self._pieces.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Do nothing: nothing is buffered."""

    def taken(self) -> bytes:
        written, self._pieces = b"".join(self._pieces), []
        return written


def zipped(files: Iterable[tuple[str, bytes]]) -> Iterator[bytes]:
    """The archive of (name, content) in pieces, one per file; files are taken lazily."""
    sink = _Sink()
    with zipfile.ZipFile(sink, "w") as archive:  # type: ignore[call-overload]
        for name, content in files:
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.create_system = 0  # the same on every platform
            archive.writestr(entry, content)
            yield sink.taken()
    yield sink.taken()
