"""Files packed into a zip while it is being sent: what is out is forgotten; equal files give equal bytes."""

import zipfile
from collections.abc import Iterable, Iterator

_EPOCH = (1980, 1, 1, 0, 0, 0)  # the oldest time a zip can say: it says nothing


class _Sink:
    """Where the archive is written: it cannot seek, so that what was written may be given away."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def write(self, data: bytes) -> int:
        self._pieces.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Nothing is held back."""

    def taken(self) -> bytes:
        written, self._pieces = b"".join(self._pieces), []
        return written


def zipped(files: Iterable[tuple[str, bytes]]) -> Iterator[bytes]:
    """The archive of (name, content) in pieces, one a file; the next file is asked for when its turn has come."""
    sink = _Sink()
    with zipfile.ZipFile(sink, "w") as archive:  # type: ignore[call-overload]
        for name, content in files:
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.create_system = 0  # whatever machine it is made on
            archive.writestr(entry, content)
            yield sink.taken()
    yield sink.taken()
