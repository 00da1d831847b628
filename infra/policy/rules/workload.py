"""What runs: which image, and how many of it."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from infra.policy.resource import UNKNOWN, Resource
from infra.policy.rule import Setting

_IMAGES: Mapping[str, str] = {
    "gcp:cloudrunv2/service:Service": "template.containers[].image",
    "gcp:cloudrunv2/job:Job": "template.template.containers[].image",
    "gcp:cloudrunv2/workerPool:WorkerPool": "template.containers[].image",
    "gcp:cloudrun/service:Service": "template.spec.containers[].image",
    "docker:index/remoteImage:RemoteImage": "name",
    "docker:index/container:Container": "image",
}
_LIMITS: Mapping[str, tuple[str, ...]] = {
    "gcp:cloudrunv2/service:Service": ("template.scaling.maxInstanceCount", "scaling.maxInstanceCount"),
    "gcp:cloudfunctionsv2/function:Function": ("serviceConfig.maxInstanceCount",),
}
IMAGES, SCALED = frozenset(_IMAGES), frozenset(_LIMITS)
MOST = {"maxInstances": Setting(20, "The most instances that one service or function may have")}

_DIGEST = re.compile(r"@sha256:[0-9a-f]{64}$")


def tagged_image(resource: Resource, _: Mapping[str, Any]) -> Iterator[str]:
    for place, image in resource.each(_IMAGES[resource.type]):
        if not _DIGEST.search(str(image)):
            yield f"{place} is {image}; a tag can be moved: name the image by digest (name@sha256:...)"


def unlimited(resource: Resource, settings: Mapping[str, Any]) -> Iterator[str]:
    limits = [value for path in _LIMITS[resource.type] if (value := resource.get(path)) is not None]
    if UNKNOWN in limits:
        return
    if not limits:
        yield f"{_LIMITS[resource.type][0]} is not set; set max_instance_count, or one bad day scales the bill"
    elif min(limits) > settings["maxInstances"]:
        yield f"it may have {min(limits):g} instances; set max_instance_count to {settings['maxInstances']:g} or less"
