"""Our table of prices: US dollars, list prices without discounts and free quotas. What is not in it is not known, and not guessed."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

HOURS = 730
SECONDS = HOURS * 3600
# how much more Vertex AI asks for a machine than Compute Engine does
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


_DAY = "2026-11-22"
_BOTH = ("us-central1", "europe-west4")
CPU, MEMORY = "cloud run: CPU", "cloud run: memory"
IDLE_CPU, IDLE_MEMORY = "cloud run: idle CPU", "cloud run: idle memory"
SCHEDULE, KEY, ZONE = "scheduler: job", "kms: key version", "dns: private zone"


def _tier_1(usd: float) -> Mapping[str, float]:
    return dict.fromkeys(_BOTH, usd)


PRICES: Mapping[str, Price] = {
    CPU: Price("vCPU-second", _tier_1(0.000024), Source.RUN, _DAY),
    MEMORY: Price("GiB-second", _tier_1(0.0000025), Source.RUN, _DAY),
    IDLE_CPU: Price("vCPU-second of a minimum instance", _tier_1(0.0000025), Source.MEMORY, _DAY),
    IDLE_MEMORY: Price("GiB-second of a minimum instance", _tier_1(0.0000025), Source.MEMORY, _DAY),
    SCHEDULE: Price("job and month", {"": 0.10}, Source.OPERATIONS, _DAY),
    KEY: Price("version and month", {"": 0.06}, Source.OPERATIONS, _DAY),
    ZONE: Price("zone and month", {"": 0.20}, Source.MEMORY, _DAY),
    "g2-standard-4": Price("hour", {"us-central1": 0.71}, Source.COPIES, _DAY),
    "g2-standard-8": Price("hour", {"us-central1": 0.85}, Source.OPERATIONS, _DAY),
    "n1-standard-4": Price("hour", {"us-central1": 0.19}, Source.COPIES, _DAY),
    "n1-standard-8": Price("hour", {"us-central1": 0.38}, Source.COPIES, _DAY),
    "n1-standard-16": Price("hour", {"us-central1": 0.76}, Source.COPIES, _DAY),
    "n1-highmem-8": Price("hour", {"us-central1": 0.4736}, Source.COPIES, _DAY),
    "a2-highgpu-1g": Price("hour", {"us-central1": 3.673385, "europe-west4": 3.747972}, Source.CATALOGUE, "2025-03-06"),
    "a2-highgpu-2g": Price("hour", {"us-central1": 7.34677, "europe-west4": 7.495944}, Source.CATALOGUE, "2025-03-06"),
    "a2-ultragpu-1g": Price("hour", {"us-central1": 5.07}, Source.COPIES, _DAY),
    "NVIDIA_TESLA_T4": Price("hour", {"us-central1": 0.35}, Source.COPIES, _DAY),
    "NVIDIA_TESLA_V100": Price("hour", {"us-central1": 2.48}, Source.COPIES, _DAY),
}
# machines of these families have their accelerators in their price
_INCLUDED = ("g2-", "a2-", "a3-")
# what something is asked for all month, and our table has no price for
UNKNOWN = (
    "gcp:alloydb", "gcp:bigtable", "gcp:compute/address", "gcp:compute/disk", "gcp:compute/forwardingRule", "gcp:compute/globalAddress",
    "gcp:compute/globalForwardingRule", "gcp:compute/instance", "gcp:compute/routerNat", "gcp:compute/vpnTunnel", "gcp:container/",
    "gcp:dataproc/cluster", "gcp:filestore", "gcp:memcache", "gcp:monitoring/alertPolicy", "gcp:notebooks/instance", "gcp:redis",
    "gcp:spanner", "gcp:sql/databaseInstance", "gcp:vertex/aiEndpoint", "gcp:vpcaccess/connector", "gcp:workbench",
)  # fmt: skip


def table(whats: Collection[str]) -> str:
    """Of machines and accelerators those that are named in `whats`; of the rest all, which are few."""
    shown = {name: price for name, price in PRICES.items() if ":" in name or name in whats}
    rows = [f"| {name} | {_where(price)} | {price.unit} | {price.source}, {price.seen} |" for name, price in shown.items()]
    return "\n".join(["| what | USD | for a | source |", "|---|---|---|---|", *rows])


def _where(price: Price) -> str:
    amounts = {region or "everywhere": f"{usd:.7f}".rstrip("0") for region, usd in price.usd.items()}
    return ", ".join(f"{usd} ({region})" for region, usd in amounts.items())


def machine(kind: str, accelerator: str, region: str) -> float | None:
    """An hour of one with one accelerator, as Vertex AI bills it: ours is the share that it adds, an estimate."""
    parts = [kind] if kind.startswith(_INCLUDED) or not accelerator else [kind, accelerator]
    found = [PRICES[part].at(region) if part in PRICES else None for part in parts]
    known = [usd for usd in found if usd is not None]
    return sum(known) * _VERTEX if len(known) == len(parts) else None
