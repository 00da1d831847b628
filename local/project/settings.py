"""What the project is like, where that does not follow from what was made in it: one JSON file, read anew for each request."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self


@dataclass(frozen=True)
class Settings:
    """Everything is allowed and there is enough of it, until the file says otherwise."""

    # instead of the local cloud's own
    number: str = ""
    # by API: switched on or off, whatever was made
    apis: Mapping[str, bool] = field(default_factory=dict)
    billing_account: str = "000000-000000-000000"
    billing_enabled: bool = True
    # by quota id, then by region; what is not named has `usual_quota`
    quotas: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    usual_quota: int = 8
    # Vertex AI's regions by quota id; a quota that is not named is offered everywhere
    offered: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    # by constraint: the rules of the effective policy, in Google's JSON
    policies: Mapping[str, list[dict[str, Any]]] = field(default_factory=dict)
    # by principal, or by "*" for everybody
    lacking: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    # permissions that no resource of this kind knows
    unknown_permissions: tuple[str, ...] = ()
    organizations: tuple[Mapping[str, str], ...] = ()

    @classmethod
    def read(cls, file: Path) -> Self:
        return cls(**json.loads(file.read_text())) if file.exists() else cls()

    def lacks(self, principal: str, permission: str) -> bool:
        return permission in (*self.lacking.get(principal, ()), *self.lacking.get("*", ()))

    def quota(self, quota_id: str, region: str) -> int:
        return self.quotas.get(quota_id, {}).get(region, self.usual_quota)
