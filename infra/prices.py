"""What an hour of a machine costs on Vertex AI: one dated table, from which designers are told and previews are made.

US dollars, list prices without discounts. What is not in it is not known, and not guessed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

CURRENCY = "USD"
# how much more Vertex AI asks for a machine than Compute Engine does: an estimate of ours
_VERTEX = 1.15


class Source(StrEnum):
    """Where a price stands. None was read on Google's own pages, but for public copies of them."""

    OPERATIONS = "the price page that docs/operations.md names, as public copies show it"
    CATALOGUE = "Cloud Billing Catalogue, as Cyclenerd/google-cloud-pricing-cost-calculator copied it"
    COPIES = "“VM instance pricing”, “GPU pricing”, as several public programs quote them"
    RUN = "“Cloud Run pricing”, as public copies show it"
    MEMORY = "not looked up: to be compared with Google's price page"


@dataclass(frozen=True)
class Price:
    """`usd` by region; "" is every region. `seen` is the day of the source."""

    unit: str
    usd: Mapping[str, float]
    source: Source
    seen: str

    def at(self, region: str) -> float | None:
        return self.usd.get(region, self.usd.get(""))


@dataclass(frozen=True)
class Hour:
    """`seen` is the day of the oldest price in it."""

    usd: float
    seen: str


SEEN = "2026-11-22"
# by Compute Engine's names of machines, and Vertex AI's of accelerators
HOURLY: Mapping[str, Price] = {
    "g2-standard-4": Price("hour", {"us-central1": 0.71}, Source.COPIES, SEEN),
    "g2-standard-8": Price("hour", {"us-central1": 0.85}, Source.OPERATIONS, SEEN),
    "n1-standard-4": Price("hour", {"us-central1": 0.19}, Source.COPIES, SEEN),
    "n1-standard-8": Price("hour", {"us-central1": 0.38}, Source.COPIES, SEEN),
    "n1-standard-16": Price("hour", {"us-central1": 0.76}, Source.COPIES, SEEN),
    "n1-highmem-8": Price("hour", {"us-central1": 0.4736}, Source.COPIES, SEEN),
    "a2-highgpu-1g": Price("hour", {"us-central1": 3.673385, "europe-west4": 3.747972}, Source.CATALOGUE, "2025-03-06"),
    "a2-highgpu-2g": Price("hour", {"us-central1": 7.34677, "europe-west4": 7.495944}, Source.CATALOGUE, "2025-03-06"),
    "a2-ultragpu-1g": Price("hour", {"us-central1": 5.07}, Source.COPIES, SEEN),
    "NVIDIA_TESLA_T4": Price("hour", {"us-central1": 0.35}, Source.COPIES, SEEN),
    "NVIDIA_TESLA_V100": Price("hour", {"us-central1": 2.48}, Source.COPIES, SEEN),
}
# machines of these families have their accelerators in their price
_INCLUDED = ("g2-", "a2-", "a3-")


def hour(kind: str, accelerator: str, region: str) -> Hour | None:
    """Of one machine with one accelerator, as Vertex AI bills it."""
    parts = [kind] if kind.startswith(_INCLUDED) or not accelerator else [kind, accelerator]
    prices = [HOURLY[part] for part in parts if part in HOURLY]
    known = [usd for usd in (price.at(region) for price in prices) if usd is not None]
    if len(known) < len(parts):
        return None
    return Hour(sum(known) * _VERTEX, min(price.seen for price in prices))
