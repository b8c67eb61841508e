"""Keys of earlier rows of a file, for a trial run that writes nothing. Memory: 24 bytes a key."""

from __future__ import annotations

from array import array

_START = 1 << 16


class Seen:
    """A hash table of 64-bit hashes and row numbers in two plain arrays."""

    def __init__(self) -> None:
        self._size = _START
        self._used = 0
        self._hashes = array("q", bytes(8 * _START))
        self._rows = array("L", bytes(array("L").itemsize * _START))

    def get(self, key: tuple[str, ...]) -> int:
        """The row number this key was added with, 0 if it was not."""
        place = self._place(_hash(key))
        return self._rows[place] if self._hashes[place] else 0

    def add(self, key: tuple[str, ...], row: int) -> None:
        """Remember a key; the first row stays."""
        self._put(_hash(key), row)
        if self._used * 2 > self._size:
            self._grow()

    def _put(self, value: int, row: int) -> None:
        place = self._place(value)
        if not self._hashes[place]:
            self._hashes[place] = value
            self._rows[place] = row
            self._used += 1

    def _place(self, value: int) -> int:
        place = value & (self._size - 1)
        hashes = self._hashes
        while hashes[place] and hashes[place] != value:
            place = (place + 1) & (self._size - 1)
        return place

    def _grow(self) -> None:
        hashes, rows = self._hashes, self._rows
        self._size *= 2
        self._used = 0
        self._hashes = array("q", bytes(8 * self._size))
        self._rows = array("L", bytes(array("L").itemsize * self._size))
        for value, row in zip(hashes, rows, strict=True):
            if value:
                self._put(value, row)


def _hash(key: tuple[str, ...]) -> int:
    return hash(key) or 1
