"""Counters of the rate limits: in Redis where several hosts share one, else in shared memory."""

from __future__ import annotations

import functools
import logging
import time
from collections.abc import Callable
from typing import Any, TypeVar

from django.core.cache.backends.base import BaseCache
from django.core.cache.backends.redis import RedisCache
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from atom_project import shared_counters

logger = logging.getLogger(__name__)

REDIS_TIMEOUT = 0.2  # seconds; a connection is tried twice, and a caller waits under a second
REDIS_REST = 10.0  # seconds without asking Redis after it failed

T = TypeVar("T")


class MemoryCache(BaseCache):
    """Numbers in the memory that the web processes of this host share; see `shared_counters`."""

    def __init__(self) -> None:
        super().__init__({})
        self._counters = shared_counters.of_this_service()

    def add(self, key: str, value: Any, timeout: Any = 60, version: int | None = None) -> bool:
        return self._counters.begin(key, float(value), timeout)

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        value = self._counters.get(key)
        return default if value is None else value

    def set(self, key: str, value: Any, timeout: Any = 60, version: int | None = None) -> None:
        self._counters.put(key, float(value), timeout)

    def count(self, key: str, delta: int, timeout: int) -> int:
        return int(self._counters.add(key, delta, timeout))

    def clear(self) -> None:
        self._counters.clear()


class ThrottleCache(BaseCache):
    """Counts in Redis and goes on in this host's memory, more leniently, while Redis is away.

    A broken Redis neither refuses nor delays anybody. Only what `throttles` needs is here.
    """

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(params)
        self._local = MemoryCache()
        self._shared = shared(server) if server else None

    def add(self, key: str, value: Any, timeout: Any = 60, version: int | None = None) -> bool:
        return self._ask(lambda cache: cache.add(key, value, timeout, version))

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        return self._ask(lambda cache: cache.get(key, default, version))

    def set(self, key: str, value: Any, timeout: Any = 60, version: int | None = None) -> None:
        self._ask(lambda cache: cache.set(key, value, timeout, version))

    def count(self, key: str, delta: int, timeout: int) -> int:
        """Add to a counter that begins at zero; returns where it stands now."""

        def add_and_raise(cache: BaseCache) -> int:
            if isinstance(cache, MemoryCache):
                return cache.count(key, delta, timeout)
            # Does nothing to a counter that is there; `incr` refuses one that is not.
            cache.add(key, 0, timeout)
            return cache.incr(key, delta)

        return self._ask(add_and_raise)

    def clear(self) -> None:
        self._ask(lambda cache: cache.clear())

    def _ask(self, question: Callable[[BaseCache], T]) -> T:
        if self._shared is None or self._shared.is_resting:
            return question(self._local)
        try:
            answer = question(self._shared.cache)
        except (RedisError, OSError) as error:
            self._shared.rest(error)
            return question(self._local)
        self._shared.is_away = False
        return answer


class Shared:
    """Redis, given up on quickly: redis-py would otherwise retry for many seconds."""

    def __init__(self, server: str) -> None:
        # redis-py would try again with growing pauses: a hung Redis held each request for 15 s.
        options = {
            "socket_timeout": REDIS_TIMEOUT,
            "socket_connect_timeout": REDIS_TIMEOUT,
            "retry": Retry(NoBackoff(), 1),
        }
        self.cache = RedisCache(server, {"KEY_PREFIX": "atom-throttle", "OPTIONS": options})
        self.is_away = False
        self._resting_until = 0.0

    @property
    def is_resting(self) -> bool:
        return time.monotonic() < self._resting_until

    def rest(self, error: Exception) -> None:
        """Leave Redis alone for a while, and say so once until it has answered again."""
        self._resting_until = time.monotonic() + REDIS_REST
        if not self.is_away:
            logger.warning("Redis does not answer, so tries are counted per host: %s", error)
        self.is_away = True


@functools.cache
def shared(server: str) -> Shared:
    """One for the process: Django makes a cache object per thread, and requests have their own."""
    return Shared(server)
