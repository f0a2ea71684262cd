"""Static files under a version (cache busting): an upgrade gives each of them a new address.

The version stands before the path, not in the name, so that scripts which import each other and
styles which name pictures find them without being rewritten, and no `collectstatic` is needed.
"""

from __future__ import annotations

import hashlib
import re
from importlib import metadata
from pathlib import Path

ROOT = "static/"
LENGTH = 12
# Also of another version: pages that were open before an upgrade ask under the old one.
VERSIONED = re.compile(rf"^/{ROOT}(?:[0-9a-f]{{{LENGTH}}}/)?(?P<name>.+)$")

# Whose files are served beside our own.
PACKAGES = ("django", "djangorestframework", "drf-spectacular-sidecar")


def of(folder: Path) -> str:
    """Changes when a file in the folder does, or a package whose files are served."""
    version = hashlib.sha256()
    for package in PACKAGES:
        version.update(f"{package} {metadata.version(package)}\n".encode())
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            version.update(str(path.relative_to(folder)).encode() + b"\0" + path.read_bytes())
    return version.hexdigest()[:LENGTH]
