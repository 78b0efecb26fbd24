"""Collections can be distributed by town: a unique index of a sharded collection must begin with its shard key
(MongoDB manual, "Sharded Collections with Unique Indexes")."""

import pytest

from services.host.standalone import services
from shared.envelope import source_of
from shared.process.service import Service
from shared.settings import Settings
from shared.storage.outbox import position
from shared.storage.work import BY_TOWN

SHARD_KEY = ("town",)
"""As docs/scale.md says."""
UNSHARDED = {"accounts", "calendar_links"}
"""Found by a name to sign in with or by the fingerprint of a link, which say no town; few and small."""


@pytest.mark.parametrize("service", services(Settings()), ids=lambda service: service.name)
def test_unique_indexes_begin_with_the_whole_shard_key(service: Service) -> None:
    by_other = {
        collection.name
        for collection in service.collections
        for index in collection.indexes
        if index.unique and index.keys[: len(SHARD_KEY)] != SHARD_KEY
    }
    assert by_other == UNSHARDED & {collection.name for collection in service.collections}


def test_every_collection_has_an_index_for_its_shard_key() -> None:
    assert BY_TOWN.keys[: len(SHARD_KEY)] == SHARD_KEY


def test_positions_in_a_log_are_ordered_by_town() -> None:
    first, second = "340281100", "340281101"
    of_first = [
        position(source_of(first, name), number) for name in ("roster", "reports") for number in (1, 9)
    ]
    of_second = [position(source_of(second, name), 1) for name in ("activities", "roster")]
    assert max(of_first) < min(of_second)
