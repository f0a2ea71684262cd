"""Where the child starts: `python -I <this folder> <job>`, the file on standard input."""

import gc
import os
import sys
from importlib import import_module

# Not `pathlib`, here and below: it imports what takes as long as reading three pages.
# Isolated mode leaves only this folder to import from. Its parent comes last, so that nothing
# there can take the place of an installed package.
sys.path[0:1] = []
sys.path.append(os.path.dirname(os.path.dirname(os.path.realpath(__file__))))
# Until the engine is imported nothing can be collected; looking for it took a tenth of the start.
gc.disable()
import_module("child.job").main()
