"""Our table of prices: US dollars, list prices without discounts and free quotas. What is not in it is not known, and not guessed.
Machines and accelerators stand in infra.prices, since designers are told of them, too."""

from collections.abc import Collection, Mapping

from infra.prices import HOURLY, SEEN, Price, Source, hour

HOURS = 730
SECONDS = HOURS * 3600
_TIER_1 = ("us-central1", "europe-west4")
CPU, MEMORY = "cloud run: CPU", "cloud run: memory"
IDLE_CPU, IDLE_MEMORY = "cloud run: idle CPU", "cloud run: idle memory"
SCHEDULE, KEY, ZONE = "scheduler: job", "kms: key version", "dns: private zone"


def _tier_1(usd: float) -> Mapping[str, float]:
    return dict.fromkeys(_TIER_1, usd)


PRICES: Mapping[str, Price] = {
    CPU: Price("vCPU-second", _tier_1(0.000024), Source.RUN, SEEN),
    MEMORY: Price("GiB-second", _tier_1(0.0000025), Source.RUN, SEEN),
    IDLE_CPU: Price("vCPU-second of a minimum instance", _tier_1(0.0000025), Source.MEMORY, SEEN),
    IDLE_MEMORY: Price("GiB-second of a minimum instance", _tier_1(0.0000025), Source.MEMORY, SEEN),
    SCHEDULE: Price("job and month", {"": 0.10}, Source.OPERATIONS, SEEN),
    KEY: Price("version and month", {"": 0.06}, Source.OPERATIONS, SEEN),
    ZONE: Price("zone and month", {"": 0.20}, Source.MEMORY, SEEN),
    **HOURLY,
}
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
    """An hour of one with one accelerator, as Vertex AI bills it."""
    found = hour(kind, accelerator, region)
    return found.usd if found else None
