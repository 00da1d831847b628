"""Every page of the portal in every state that it has, as a stage shows it: what the checks walk through and the screenshots show."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.portal.seed import EVERYTHING, FIRST, LIMITS, MANY


@dataclass(frozen=True)
class Shown:
    """`path` has `{names}` of the designer's ids to fill in. `missing` is the end of an address that there is nothing at, which is what the
    page tells of."""

    name: str
    path: str
    designer: str = EVERYTHING
    missing: str | None = None

    def at(self, ids: Mapping[str, Mapping[str, Any]]) -> str:
        return self.path.format_map({**ids[self.designer], "nobody": "0" * 26})


_LIVE = ("uploaded", "queued", "provisioning", "training", "evaluating", "registering", "deploying", "cancelling")
_OVER = ("cancelled", "expired")
_FAILED = ("TRAINING", "QUALITY", "DEPLOY", "PIPELINE", "DEADLINE", "DISPATCH")

PAGES = (
    Shown("sheets-first", "/", FIRST),
    Shown("sheets", "/"),
    Shown("new", "/new", FIRST),
    Shown("choose-empty", "/jobs/{draft}/choose"),
    Shown("choose", "/jobs/{chosen}/choose"),
    Shown("describe", "/jobs/{full}/describe"),
    Shown("describe-early", "/jobs/{draft}/describe"),
    Shown("check", "/jobs/{full}/check"),
    Shown("check-early", "/jobs/{draft}/check"),
    *(Shown(f"follow-{state}", f"/jobs/{{{state}}}/follow") for state in (*_LIVE, *_OVER)),
    *(Shown(f"failed-{code.lower()}", f"/jobs/{{failed-{code}}}/follow") for code in _FAILED),
    Shown("result", "/jobs/{ready}/result"),
    Shown("result-asleep", "/jobs/{asleep}/result"),
    Shown("models-first", "/models", FIRST),
    Shown("models", "/models"),
    Shown("model", "/models/{ready}"),
    Shown("model-asleep", "/models/{asleep}"),
    Shown("model-waking", "/models/{waking}"),
    Shown("generate", "/models/{ready}/generate"),
    Shown("generate-asleep", "/models/{asleep}/generate"),
    Shown("prints-first", "/prints", FIRST),
    Shown("prints", "/prints"),
    Shown("compare", "/prints?compare={generations[5]}.0~{generations[4]}.1"),
    Shown("prints-many", "/prints", MANY),
    Shown("you", "/you", missing="/v1/me/webhook"),
    Shown("you-limits", "/you", LIMITS, missing="/v1/me/webhook"),
    Shown("receipt-due", "/receipts/{receipt-due}"),
    Shown("receipt-done", "/receipts/{receipt-done}"),
    Shown("not-here", "/nowhere", missing="/nowhere"),
    Shown("no-access", "/jobs/{nobody}/follow", missing="0" * 26),
)
BY_NAME = {each.name: each for each in PAGES}
