"""A proxy of one's own, as in the manual and the ingress: it lets through what the gateway takes, and logs nobody."""

import re

import pytest

from services.host import gateway
from services.host.standalone import services
from shared.settings import Settings
from tests.architecture.sources import ROOT
from tests.architecture.test_kubernetes import MANIFESTS

MEBIBYTE = 1 << 20


def of_the_manual() -> dict[str, str]:
    """The directives of the nginx in docs/operating.md, by name; those of headers with the header."""
    page = (ROOT / "docs" / "operating.md").read_text("utf-8")
    (block,) = re.findall(r"```nginx\n(.*?)```", page, re.DOTALL)
    lines = re.findall(r"^\s*((?:proxy_set_header )?\S+) +([^;{]+);", block, re.MULTILINE)
    return {name: value.strip() for name, value in lines}


def of_the_ingress() -> dict[str, str]:
    """Its annotations by the names of nginx."""
    (ingress,) = [one for one in MANIFESTS if one["kind"] == "Ingress"]
    own = {
        name.removeprefix("nginx.ingress.kubernetes.io/"): value
        for name, value in ingress["metadata"]["annotations"].items()
    }
    return {
        "access_log": {"false": "off"}[own["enable-access-log"]],
        "client_max_body_size": own["proxy-body-size"],
        "proxy_read_timeout": own["proxy-read-timeout"],
        "proxy_request_buffering": own["proxy-request-buffering"],
    }


@pytest.mark.parametrize("proxy", [of_the_manual(), of_the_ingress()], ids=["nginx", "ingress"])
def test_a_proxy_lets_through_what_the_gateway_takes_and_keeps_nothing(proxy: dict[str, str]) -> None:
    limits = [one.limit for service in services(Settings()) for one in service.api.operations]
    assert int(proxy["client_max_body_size"].removesuffix("m")) * MEBIBYTE > max(limits)
    assert int(proxy["proxy_read_timeout"].removesuffix("s")) > gateway.ANSWER_SECONDS
    assert (proxy["access_log"], proxy["proxy_request_buffering"]) == ("off", "off")


def test_the_nginx_of_the_manual_says_who_asks_and_logs_no_error() -> None:
    own = of_the_manual()
    assert own["error_log"] == "/dev/null emerg"
    assert own["proxy_set_header Host"] == "$host"
    assert own["proxy_set_header X-Forwarded-For"] == "$remote_addr"
