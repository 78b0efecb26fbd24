"""The HTTP interface of a service: the routes its `app.py` adds; dispatch and documentation are derived from it."""

from collections.abc import Iterable
from pathlib import Path

from shared.http.operation import Operation
from shared.http.route import Route
from shared.http.vocabulary import Vocabulary, vocabulary


class Api:
    """Operations of one service under `/{service}/v1`, in the order they were added. `descriptions`: the file of its
    vocabulary, beside which the documents are that are shipped."""

    def __init__(
        self, service: str, *, title: str = "", version: str = "1.0.0", descriptions: Path | None = None
    ) -> None:
        self.service, self.title, self.version = service, title or service, version
        self._descriptions = descriptions
        self.operations: list[Operation] = []

    @property
    def vocabulary(self) -> Vocabulary:
        """Read when it is asked for: only the documentation needs it."""
        return vocabulary(self._descriptions) if self._descriptions is not None else Vocabulary()

    @property
    def shipped(self) -> Path | None:
        """The file of its OpenAPI document; None where none is shipped. A test holds it to what the code says."""
        if self._descriptions is None:
            return None
        return self._descriptions.parent / "contract" / "openapi" / f"{self.service}.json"

    def add(self, *routes: Route, base: str = "", ending: str = "") -> None:
        """Add routes under the path `base`; `ending` is appended to their names.

        Errors: ValueError where a name, or a method and path, is declared already.
        """
        for route in routes:
            path = route.path if route.root else f"/{self.service}/v1{base}{route.path}"
            rest = {"tag": _tag_of(base + route.path) or self.service, **route.rest}
            self._add(
                Operation(
                    service=self.service,
                    method=route.method,
                    path=path,
                    name=route.name + ending,
                    handler=route.handler,
                    **rest,
                )
            )

    def _add(self, operation: Operation) -> None:
        for other in self.operations:
            if other.name == operation.name:
                raise ValueError(f"two operations are called {operation.name}: give one of them a name")
            if (other.method, other.path) == (operation.method, operation.path):
                raise ValueError(f"{operation.method} {operation.path} is declared twice")
        self.operations.append(operation)


def _tag_of(path: str) -> str:
    """The first fixed word of a path that is not a container: `years` of `/towns/{town}/years/{year}/closings`."""
    words = [word.partition(":")[0] for word in path.split("/") if word and not word.startswith("{")]
    return next((word for word in words if word != "towns"), words[0] if words else "")


def permissions(apis: Iterable[Api]) -> list[tuple[str, str, str, tuple[str, ...]]]:
    """(method, path, summary, roles) of every operation: the permission page of the documentation."""
    return [(o.method, o.path, o.summary, tuple(sorted(o.roles))) for api in apis for o in api.operations]
