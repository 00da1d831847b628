"""`python -m tests.bench.store FOLDER`: the local cloud's storage server. It prints its address, and ends with its input."""

import sys
from pathlib import Path

from tests import serving


def main() -> None:
    with serving.storage(Path(sys.argv[1])) as url:
        sys.stdout.write(f"{url}\n")
        sys.stdout.flush()
        sys.stdin.read()


if __name__ == "__main__":
    main()
