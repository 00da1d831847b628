import sys
from pathlib import Path

# a project of its own, yet its modules are called as everywhere in the repository
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bootstrap.program import build

build()
