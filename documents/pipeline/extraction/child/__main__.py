"""Where the child starts: `python -I <this folder> <job>`, the PDF on standard input."""

import sys
from importlib import import_module
from pathlib import Path

# Isolated mode leaves only this folder to import from. Its parent comes last, so that nothing
# there can take the place of an installed package.
sys.path[0:1] = []
sys.path.append(str(Path(__file__).resolve().parent.parent))
import_module("child.job").main()
