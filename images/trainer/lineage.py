"""Where a base comes from and what its makers ask of whoever uses it, as its manifest says."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from images.trainer.base_files import MANIFEST


@dataclass(frozen=True)
class Lineage:
    model: str
    commit: str | None
    licence: str | None
    """its identifier on the hub, 'other' for one that has none there; None where its makers say nothing"""
    licence_name: str | None
    """of a licence that has no identifier"""
    link: str
    """to the licence's text"""

    @property
    def version(self) -> str:
        return f"{self.model} at {self.commit}" if self.commit else self.model

    @property
    def terms(self) -> str | None:
        return self.licence_name or self.licence


def lineage(base: Path) -> Lineage | None:
    """None of a base without a manifest. One that is no manifest has been refused by `check_pinned` before."""
    path = base / MANIFEST
    if not path.is_file():
        return None
    told = json.loads(path.read_text())
    licence = told.get("licence") or {}
    return Lineage(str(told.get("model", "")), told.get("commit"), licence.get("id"), licence.get("name"), str(licence.get("link", "")))
