"""The files that an image is built from, as one digest."""

import hashlib
from pathlib import Path

from local.provider.errors import Refused
from local.run.ignore import IgnoreFile


def context_digest(context: Path, dockerfile: Path) -> str:
    """Of the Dockerfile, and of the names and contents of what its ignore file lets in."""
    if not dockerfile.is_file():
        inside = context / dockerfile.name
        hint = f"did you mean {str(inside)!r}?" if inside.is_file() else "its path is relative to the program, not to the context"
        raise Refused(f"there is no Dockerfile at {str(dockerfile)!r}: {hint}")
    if not context.is_dir():
        raise Refused(f"the build context {str(context)!r} is no folder")
    total = hashlib.sha256(dockerfile.read_bytes())
    for name in IgnoreFile.of(context, dockerfile).files(context):
        path = context / name
        content = str(path.readlink()).encode() if path.is_symlink() else hashlib.sha256(path.read_bytes()).digest()
        total.update(f"\0{name}\0".encode() + content)
    return total.hexdigest()
