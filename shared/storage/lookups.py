"""Lookups: values of a unit of work by keys that are computed from them, so that a search does not walk all values."""

from collections.abc import Callable, Hashable, Iterable
from typing import Generic, TypeVar

T = TypeVar("T")


class Lookup(Generic[T]):
    """Values by each of their keys. A value is put under an id, and replaces the one that was put under it before."""

    def __init__(self, keys: Callable[[T], Iterable[Hashable]]) -> None:
        self._keys = keys
        self._by_key: dict[Hashable, dict[str, T]] = {}
        self._keys_of: dict[str, set[Hashable]] = {}

    def put(self, id: str, value: T) -> None:
        self.remove(id)
        keys = self._keys_of[id] = set(self._keys(value))
        for key in keys:
            self._by_key.setdefault(key, {})[id] = value

    def remove(self, id: str) -> None:
        for key in self._keys_of.pop(id, ()):
            del self._by_key[key][id]

    def find(self, key: Hashable) -> list[T]:
        return list(self._by_key.get(key, {}).values())
