"""Programs send a POST again only where its operation keeps the answer under the Idempotency-Key."""

from services.console.repeating import keeps_answer
from services.host.standalone import services
from shared.settings import Settings

POSTS = [
    operation
    for service in services(Settings())
    for operation in service.api.operations
    if operation.method == "POST"
]


def test_it_is_known_of_every_operation_whether_it_keeps_its_answer() -> None:
    told = {operation.path: keeps_answer(operation.path) for operation in POSTS}
    assert told == {operation.path: operation.commits for operation in POSTS}
