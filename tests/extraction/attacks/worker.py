"""A worker that holds what is worth an attack: `python -I worker.py ROOM LAYERS [ATTACK...]`.

The room is a folder with the product's `extraction` and these programs; its user is this one.
"""

import json
import os
import socket
import sys
from pathlib import Path

room, layers, *attacks = sys.argv[1:]
sys.path.insert(0, room)
os.environ["OPENAI_API_KEY"] = "sk-secret"

from extraction import sandbox  # noqa: E402

own = Path(room, f"of-{os.getuid()}-{os.getpid()}")
own.mkdir()
files = {name: own / name for name in ("secrets", "database", "upload", "file", "doomed")}
for file in files.values():
    file.write_text("what nobody else may have")
    file.chmod(0o600)

listener = socket.create_server(("127.0.0.1", 0))
by_file = socket.socket(socket.AF_UNIX)
by_file.bind(str(own / "socket"))
abstract = socket.socket(socket.AF_UNIX)
abstract.bind(f"\0atom-{os.getpid()}")
for each in (by_file, abstract):
    each.listen()

sandbox._CHILD = Path(room, "attacks")
job = {
    "engine": "none",
    "extraction": str(Path(room, "extraction")),
    "layers": layers.split("+") if layers != "none" else [],
    "attacks": attacks,
    "targets": {
        **{name: str(path) for name, path in files.items()},
        "folder": str(own),
        "new": f"/tmp/atom-attack-{os.getpid()}",
        "tcp": listener.getsockname(),
        "unix": str(own / "socket"),
        "abstract": f"atom-{os.getpid()}",
    },
}
found = {}


def take(told):
    if "attack" in told:
        found[told["attack"]] = told["outcome"]


if layers == "ocr":
    # As tesseract is started, with a Python that tries all this in its place.
    sandbox._CHILD = Path(room, "extraction/child")
    job |= {"parent": os.getpid()}
    program = os.path.realpath(sys.executable)
    readable = [sys.base_prefix, "/lib", "/lib64", "/usr/lib", "/etc/ld.so.cache"]
    readable += [program, str(Path(room, "extraction")), str(Path(room, "attacks"))]
    arguments = ["-I", str(Path(room, "attacks")), json.dumps(job)]
    ocr = {"engine": "tesseract", "program": program, "arguments": arguments, "tessdata": ""}
    said = sandbox.output_of(ocr | {"readable": readable}, b"", seconds=20, at_most=1_000_000)
    for line in said.splitlines():
        take(json.loads(line))
else:
    sandbox.run(job, b"", seconds=20, take=take)
for left in Path("/tmp").glob(f"atom-attack-{os.getpid()}*"):
    left.rmdir() if left.is_dir() and not left.is_symlink() else left.unlink()
print(json.dumps(found))
