"""What a process of an image finds around it, besides its own variables."""

import os
import re
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

from local.layout import Layout

# Every process below the daemon carries this variable, so that the reaper finds what a kill -9 would leave behind.
MARKER = "LOCAL_CLOUD_RUN"


def base_environment(layout: Layout, name: str) -> dict[str, str]:
    """A home and a scratch folder of its own: the developer's own home holds credentials that Google's libraries would find first."""
    home, scratch = layout.folder(f"run/home/{name}"), layout.folder(f"run/tmp/{name}")
    marker = {MARKER: os.environ[MARKER]} if MARKER in os.environ else {}
    return {
        "PATH": f"{Path(sys.prefix) / 'bin'}:{os.environ.get('PATH', os.defpath)}",
        "HOME": str(home),
        "TMPDIR": str(scratch),
        "LANG": "C.UTF-8",
        "PYTHONUNBUFFERED": "1",
        **marker,
    }


def localised(text: str, root: Path) -> str:
    """The image's absolute paths in `text` (/app/model) as paths of this machine, where the image has such a file."""

    def local_path(match: re.Match[str]) -> str:
        inside = root / match[0].lstrip("/")
        return str(inside) if match[0] != "/" and inside.exists() else match[0]

    return _ABSOLUTE_PATH.sub(local_path, text)


_ABSOLUTE_PATH = re.compile(r"(?<![\w./$}~-])/[\w.@+/-]*")


def image_environment(image: Mapping[str, str], root: Path, base: Mapping[str, str]) -> dict[str, str]:
    """The image's ENV for this machine. Its PATH counts only as far as it names folders that the image has."""
    own = {name: localised(value, root) for name, value in image.items()}
    inside = [part for part in own.pop("PATH", "").split(":") if part.startswith(str(root))]
    return {**base, **own, "PATH": ":".join([*inside, base["PATH"]])}


def dies_with_parent(command: list[str]) -> list[str]:
    """Linux kills the process with the daemon. A wrapper, since a hook between fork and exec is unsafe beside gRPC's threads."""
    setpriv = shutil.which("setpriv")
    return [setpriv, "--pdeathsig", "KILL", *command] if setpriv else command


def folder_name(name: str) -> str:
    return re.sub(r"[^\w.-]+", "-", name)
