"""Programs send a POST again only where its operation keeps the answer under the Idempotency-Key."""

from services.console.repeating import keeps_answer, reads_alone
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


def test_what_writes_nothing_may_be_sent_again_without_a_key() -> None:
    reading = {operation.path for operation in POSTS if reads_alone(operation.path)}
    assert {path.partition("/towns/{town}/")[2] for path in reading} == {
        "attendance:resolve",
        "imports:convert",
        "imports:propose",
        "meetings/{id}/sheets:read",
        "periods/{period}/paragraphs/{id}:check",
        "sheets:read",
        "years/{year}/paragraphs/{id}:check",
    }
