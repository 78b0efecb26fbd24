"""A cell that names a suggestion: its year and its number."""

import pytest

from services.activities.imports.lookups import suggestion_key


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("2020-3", (2020, 3)),
        ("2020-３", (2020, 3)),
        ("2020-甲3", (2020, "甲3")),
        ("2020-" + "9" * 5000, (2020, "9" * 5000)),
        ("2020", None),
        ("٢٠٢٠-3", None),
    ],
)
def test_a_number_is_read_where_there_is_one(written: str, key: tuple[int, int | str] | None) -> None:
    assert suggestion_key(written) == key
