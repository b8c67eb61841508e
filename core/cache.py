"""Django's Redis cache with one client instead of a new one for every command."""

from __future__ import annotations

from typing import Any

from django.core.cache.backends.redis import RedisCache, RedisCacheClient


class _Client(RedisCacheClient):
    """A client of redis-py is safe to share between threads and dear to make."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._made: dict[bool, Any] = {}

    def get_client(self, key: Any = None, *, write: bool = False) -> Any:
        """The client for reading or for writing."""
        found = self._made.get(write)
        if found is None:
            found = self._made[write] = super().get_client(key, write=write)
        return found


class SharedClientRedisCache(RedisCache):
    """Named in the settings."""

    def __init__(self, server: Any, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = _Client
