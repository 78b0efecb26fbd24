"""Where a page may send a browser, and what may stand in an address of a service."""

from typing import Any, Final

import pytest
from aiohttp.test_utils import make_mocked_request

from services.console.errors import NoPage
from services.console.visit import Visit, local

NOBODY: Final[Any] = None
"""Neither a console nor a session is needed."""


@pytest.mark.parametrize("target", ["/", "/report?year=2020", "/deputies/某", "/a//b"])
def test_an_address_of_the_console_is_kept(target: str) -> None:
    assert local(target, "/") == target


@pytest.mark.parametrize(
    "target",
    ["//evil.cn", "/\\evil.cn", "/\t/evil.cn", "/\n/evil.cn", "/\r\\evil.cn", "https://evil.cn", "/\n", ""],
)
def test_an_address_elsewhere_is_not_gone_to(target: str) -> None:
    assert local(target, "/home") == "/home"


@pytest.mark.parametrize("id", ["../people", "..", ".", "a/b", "a\\b", "a?x=1", "a#b", "%2e%2e"])
def test_an_identifier_changes_no_address(id: str) -> None:
    request = make_mocked_request("GET", "/", match_info={"id": id})
    with pytest.raises(NoPage):
        Visit(NOBODY, request, None).id()


@pytest.mark.parametrize("id", ["019a2793-2554-75fb-8277-3b0d7dc77e36", "congress.sessions", "...", "总结"])
def test_an_identifier_is_taken_as_it_is(id: str) -> None:
    request = make_mocked_request("GET", "/", match_info={"id": id})
    assert Visit(NOBODY, request, None).id() == id
