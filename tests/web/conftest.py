"""Real web processes for tests about them."""

from tests.live.conftest import own_web  # noqa: F401
