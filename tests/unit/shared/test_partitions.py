"""Towns are distributed over partitions, those of one county too."""

from collections import Counter

import pytest

from shared.events.partitions import partition_of


@pytest.mark.parametrize("number", [1, 2, 3, 8])
def test_the_towns_of_each_county_are_spread_over_the_partitions(number: int) -> None:
    for county in ("340281", "110101", "659001"):
        parts = Counter(partition_of(f"{county}{town}", number) for town in range(100, 148))
        assert set(parts) == set(range(number))
        assert max(parts.values()) <= 3 * 48 / number / 2 + 3
