"""Vertex AI's machines: does the region have the accelerator, and may the project have one.

Google's Cloud Quotas API is asked, as gcloud itself does before it deploys: its quotas are by purpose (training, serving) and by
accelerator, and a region that is in no bucket of a quota does not have the accelerator at all. It tells the limit, not whether a machine
is free at this minute; nothing does.
"""

from collections.abc import Iterator

from scripts.doctor.finding import Finding, fail, ok, warn
from scripts.doctor.google import Google, Json, Unanswered
from scripts.doctor.stack import Pool, Stack

_QUOTAS, _VERTEX = "cloudquotas.googleapis.com", "aiplatform.googleapis.com"
# what an accelerator is called in the names of Vertex AI's quotas; machines without one are counted by their CPUs
_IN_QUOTAS = {
    "": "CPUs",
    "NVIDIA_A100_80GB": "A10080GBGPUs",
    "NVIDIA_H100_80GB": "H100GPUs",
    "NVIDIA_L4": "L4GPUs",
    "NVIDIA_TESLA_A100": "A100GPUs",
    "NVIDIA_TESLA_P100": "P100GPUs",
    "NVIDIA_TESLA_P4": "P4GPUs",
    "NVIDIA_TESLA_T4": "T4GPUs",
    "NVIDIA_TESLA_V100": "V100GPUs",
}
_HELP = "https://cloud.google.com/vertex-ai/docs/general/locations#accelerators"
_NOT_FOUND = 404


def quotas(stack: Stack, google: Google) -> Iterator[Finding]:
    for pool in stack.pools:
        yield _quota(stack, google, pool)


def _quota(stack: Stack, google: Google, pool: Pool) -> Finding:
    purpose, what = pool.purpose.lower(), pool.accelerator or "CPUs"
    if pool.accelerator not in _IN_QUOTAS:
        return warn(f"{purpose}: Vertex AI's quota for {pool.accelerator} is not known here", _HELP)
    quota_id = f"CustomModel{pool.purpose}{_IN_QUOTAS[pool.accelerator]}PerProjectPerRegion"
    try:
        found = google.get(f"{_QUOTAS}/v1/projects/{stack.project}/locations/global/services/{_VERTEX}/quotaInfos/{quota_id}")
    except Unanswered as error:
        if error.status != _NOT_FOUND:
            raise
        return warn(f"{purpose}: Google knows no quota {quota_id}", _HELP)
    limits, wanted = _limits(found), _wanted(pool)
    if stack.region not in limits:
        return fail(
            f"{purpose}: {stack.region} has no {what}; {_elsewhere(limits)}", stack.set("gcp:region", _nearest(stack.region, limits))
        )
    if limits[stack.region] < wanted:
        return fail(
            f"{purpose}: {limits[stack.region]} {what} in {stack.region}, {wanted} wanted for one {pool.machine}",
            f"gcloud beta quotas preferences create --service={_VERTEX} --project={stack.project} --quota-id={quota_id}"
            f" --preferred-value={wanted} --dimensions=region={stack.region}",
        )
    return ok(f"{purpose}: {limits[stack.region]} {what} in {stack.region}, {wanted} for each {pool.machine}")


def _limits(quota: Json) -> dict[str, int]:
    """By region. What Google leaves out is zero; a bucket for one region goes before the bucket for the rest."""
    buckets = sorted(quota.get("dimensionsInfos", []), key=lambda bucket: len(bucket.get("dimensions", {})))
    return {
        region: int(bucket.get("details", {}).get("value", 0)) for bucket in buckets for region in bucket.get("applicableLocations", [])
    }


def _wanted(pool: Pool) -> int:
    """A job and an endpoint take one machine with one accelerator; a machine's name ends in its CPUs."""
    if pool.accelerator:
        return 1
    last = pool.machine.rpartition("-")[2]
    return int(last) if last.isdigit() else 1


def _elsewhere(limits: dict[str, int]) -> str:
    regions = sorted(limits)
    return f"{', '.join(regions[:6])} {'have' if len(regions) > 1 else 'has'}" + (
        f" and {len(regions) - 6} more" if len(regions) > 6 else ""
    )


def _nearest(region: str, limits: dict[str, int]) -> str:
    """One of the same continent where there is one, with quota before without."""
    continent = region.partition("-")[0]
    return max(sorted(limits), key=lambda other: (other.startswith(f"{continent}-"), limits[other] > 0), default="REGION")
