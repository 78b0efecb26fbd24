"""Examples of the contract: each fits its operation as it is now, holds no secret, and stands in the document.

`python -m pytest -n 0 -p tests.fixtures.exchanges TESTS` records them from what tests send and are answered.
"""

import json
import re
from typing import Any, Final

from services.roster.app import build
from services.roster.settings import Settings
from shared.http.docs import page
from shared.http.openapi import document
from tests.architecture.sources import ROOT
from tests.contract.exchanges import Contract, kept, shown
from tests.fixtures.exchanges import masked

CONTRACT: Final = Contract(json.loads((ROOT / "services" / "contract" / "openapi.json").read_text("utf-8")))
EXAMPLES: Final = kept()
SECRET: Final = re.compile(r"lzs_|whsec_|BEGIN [A-Z ]*PRIVATE|127\.0\.0\.1")


def test_every_example_fits_its_operation() -> None:
    misfits = {
        name: list(CONTRACT.misfits(name, one))
        for name, one in EXAMPLES.items()
        if name in CONTRACT.operations
    }
    assert {name: why for name, why in misfits.items() if why} == {}, "record them anew"
    assert EXAMPLES.keys() - CONTRACT.operations.keys() == set()


def test_every_operation_has_one() -> None:
    assert CONTRACT.operations.keys() - EXAMPLES.keys() == set(), "call it in a test, and record"


def test_no_example_holds_a_secret() -> None:
    for name, exchange in EXAMPLES.items():
        assert not SECRET.search(json.dumps(exchange)), name
        assert masked(exchange) == exchange, name


def test_it_stands_in_the_document_where_others_look_for_it() -> None:
    for name, exchange in EXAMPLES.items():
        _, _, operation = CONTRACT.operations[name]
        answer = operation["responses"][str(exchange["status"])]
        for part, given in ((operation.get("requestBody", {}), "sent"), (answer, "answer")):
            if shown(part) is not None and given in exchange:
                assert exchange[given] in _examples(part), name


def test_its_page_shows_the_exchange() -> None:
    html = page(document(build(Settings()).api))
    assert "POST /roster/v1/towns/340281199/people\n" in html
    assert html.count("<summary>示例</summary>") >= len(
        [name for name in EXAMPLES if name.startswith("roster_")]
    )


def _examples(part: dict[str, Any]) -> list[Any]:
    return [content["example"] for content in part["content"].values() if "example" in content]
