"""The surroundings of a test run, set before Django reads its settings.

A plugin (`-p tests.environment` in pyproject.toml), because settings are read before any
conftest is.
"""

import os

from tests import leftovers

leftovers.sweep()
DATA_DIR = str(leftovers.folder("tests"))

for name in list(os.environ):
    if name.startswith(("ATOM_", "OPENAI_", "JWT_", "OTEL_")) and name not in {
        "ATOM_LLMOCK",
        "ATOM_REQUIRE_SERVICES",
        "ATOM_TEST_POSTGRES_URL",
        "ATOM_TEST_REDIS_URL",
    }:
        del os.environ[name]
os.environ["ATOM_ENV_FILE"] = os.devnull
os.environ["ATOM_DATA_DIR"] = DATA_DIR
os.environ["ATOM_THROTTLE"] = "off"
