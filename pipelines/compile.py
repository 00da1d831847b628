"""The graph as YAML, byte for byte the same for the same digest and settings."""

import tempfile
from collections.abc import Mapping
from pathlib import Path

from kfp import compiler

from pipelines.dreambooth import dreambooth


def template(image: str, environment: Mapping[str, str]) -> str:
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "dreambooth.yaml"
        compiler.Compiler().compile(dreambooth(image, environment), str(target))
        return target.read_text()
