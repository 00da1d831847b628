"""`python -m scripts.promoted --stack STACK`: does STACK run what another stack has tried? It does if its file names images by digest."""

import argparse
import sys
from pathlib import Path

import yaml

from infra.containers import FOLDERS
from scripts.promote import DIGESTS, IMAGES


def missing(config: dict[str, object]) -> list[str]:
    """Images that the stack would build itself."""
    digests = config.get(DIGESTS)
    named = digests if config.get(IMAGES) == "prebuilt" and isinstance(digests, dict) else {}
    return [name for name in FOLDERS if "@sha256:" not in str(named.get(name, ""))]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m scripts.promoted", description=__doc__)
    parser.add_argument("--stack", required=True)
    name = parser.parse_args().stack
    file = Path(f"Pulumi.{name}.yaml")
    found = missing(yaml.safe_load(file.read_text())["config"]) if file.exists() else list(FOLDERS)
    if found:
        sys.stderr.write(f"error: {file} names no tried image for {', '.join(found)}: `make promote FROM=dev TO={name}`, and commit it\n")
        return 1
    sys.stdout.write(f"{file} names each image by digest\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
