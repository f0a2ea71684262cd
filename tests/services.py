"""Servers that some tests need: a reason to skip where none answers, a failure where one must."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
import redis

POSTGRES_URL = (
    os.environ.get("ATOM_TEST_POSTGRES_URL") or "postgres://postgres@127.0.0.1:5432/postgres"
)
REDIS_URL = os.environ.get("ATOM_TEST_REDIS_URL") or "redis://127.0.0.1:6379/15"
CHROMIUM = "/usr/bin/chromium"


def postgres_or_skip() -> str:
    """The URL of a PostgreSQL database in which others can be made."""
    try:
        psycopg.connect(POSTGRES_URL, connect_timeout=2).close()
    except psycopg.OperationalError as error:
        missing(f"no PostgreSQL answers at {_address(POSTGRES_URL)}: {error}")
    return POSTGRES_URL


def redis_or_skip() -> str:
    """The URL of a Redis database that tests may empty."""
    client = redis.Redis.from_url(REDIS_URL, socket_connect_timeout=2)
    try:
        client.ping()
    except redis.RedisError as error:
        missing(f"no Redis answers at {_address(REDIS_URL)}: {error}")
    finally:
        client.close()
    return REDIS_URL


def chromium_or_skip() -> str:
    """The path of a browser."""
    if Path(CHROMIUM).exists():
        return CHROMIUM
    return shutil.which("chromium-browser") or missing("no chromium is installed")


def tesseract_or_skip() -> str:
    """The path of the OCR program."""
    return shutil.which("tesseract") or missing("no tesseract is installed")


def missing(reason: str) -> str:
    """Skip the test, or fail it where everything is meant to be there (`.ci/run`)."""
    if os.environ.get("ATOM_REQUIRE_SERVICES") == "1":
        pytest.fail(f"{reason} (and ATOM_REQUIRE_SERVICES=1)")
    pytest.skip(reason)


def _address(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.hostname}:{parts.port}"
