"""The reference pages: every setting and metric has its Chinese, and quoted code is there."""

import pytest

from scripts.reference import OWNERS, WORDS, exposed, families, variables, with_code
from services.host.standalone import services
from shared.settings import Settings

services(Settings())  # every module that has metrics is imported


def test_every_setting_has_its_chinese_and_no_other() -> None:
    assert {name for owner in OWNERS.values() for name, _ in variables(owner)} == set(WORDS["settings"]), (
        "scripts/reference.toml, [settings]"
    )


def test_every_metric_has_its_unit_and_meaning_and_no_other() -> None:
    assert {exposed(metric) for metric in families()} == set(WORDS["metrics"]), (
        "scripts/reference.toml, [metrics]"
    )


def test_a_quotation_is_what_the_source_has_now() -> None:
    page = "<!-- code: shared/chain.py:Link -->\nold\n<!-- end of code -->\n"
    quoted = with_code(page)
    assert "```python\n@dataclass" in quoted
    assert "old" not in quoted
    assert with_code(quoted) == quoted


def test_a_quotation_of_what_is_gone_is_an_error() -> None:
    with pytest.raises(LookupError, match="has no Lnik"):
        with_code("<!-- code: shared/chain.py:Lnik -->\n<!-- end of code -->")
