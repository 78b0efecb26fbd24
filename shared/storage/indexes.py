"""Indexes, as declared; `mongo.prepare` creates them."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

Document = Mapping[str, Any]


class IndexSpec:
    """An index. Its name, if none is given: `<collection>.<key>_<key>`. A key with the prefix `-` is descending."""

    def __init__(
        self,
        collection: str,
        keys: Sequence[str],
        *,
        name: str = "",
        unique: bool = False,
        where: Document | None = None,
        expire_seconds: int | None = None,
    ) -> None:
        self.collection = collection
        self.keys = tuple(keys)
        self.name = name or f"{collection}.{'_'.join(key.lstrip('-') for key in keys)}"
        self.options: dict[str, Any] = {"name": self.name}
        if unique:
            self.options["unique"] = True
        if where is not None:
            self.options["partialFilterExpression"] = dict(where)
        if expire_seconds is not None:
            self.options["expireAfterSeconds"] = expire_seconds

    @property
    def order(self) -> list[tuple[str, int]]:
        """The keys with 1 or -1, as the driver takes them."""
        return [(key.lstrip("-"), -1 if key.startswith("-") else 1) for key in self.keys]


FILE_INDEXES: Final = (
    IndexSpec("files.files", ("filename", "uploadDate"), name="filename_1_uploadDate_1"),
    IndexSpec("files.chunks", ("files_id", "n"), name="files_id_1_n_1", unique=True),
)
"""Those of GridFS, under the driver's names: it makes them with the first file only, not where files were restored."""
