"""The `template` of a Cloud Run service: its containers, probes and volumes."""

from local.provider import refusals
from local.provider.schema import (
    FILLED,
    FREE,
    REQUIRED,
    apart,
    block,
    block_set,
    blocks,
    flag,
    integer,
    mapping,
    number,
    text,
    text_set,
    texts,
)

_GRPC = block({"port": integer(FILLED), "service": text()})
_HTTP = block(
    {"httpHeaders": blocks({"name": text(REQUIRED), "value": text(default="")}), "path": text(default="/"), "port": integer(FILLED)}
)
_MOUNTS = blocks({"mountPath": text(REQUIRED), "name": text(REQUIRED), "subPath": text()})

_CONTAINER = {
    "args": texts(),
    "baseImageUri": text(),
    "commands": texts(),
    "dependsOns": texts(),
    "envs": block_set(
        {
            "name": text(REQUIRED),
            "value": text(default=""),
            "valueSource": block({"secretKeyRef": block({"secret": text(REQUIRED), "version": text(refuses=refusals.version)})}),
        }
    ),
    "image": text(REQUIRED),
    "livenessProbe": block(
        {
            "failureThreshold": integer(default=3),
            "grpc": _GRPC,
            "httpGet": _HTTP,
            "initialDelaySeconds": integer(default=0),
            "periodSeconds": integer(default=10),
            "tcpSocket": block({"port": integer(REQUIRED)}),
            "timeoutSeconds": integer(default=1),
        }
    ),
    "name": text(),
    "ports": block({"containerPort": integer(between=(1, 65535)), "name": text(FILLED)}, FILLED),
    "readinessProbe": block(
        {
            "failureThreshold": integer(FILLED),
            "grpc": _GRPC,
            "httpGet": block({"path": text(FILLED), "port": integer(FILLED)}),
            "periodSeconds": integer(FILLED),
            "successThreshold": integer(FILLED),
            "timeoutSeconds": integer(FILLED),
        }
    ),
    "resources": block({"cpuIdle": flag(), "limits": mapping(FILLED), "startupCpuBoost": flag()}, FILLED),
    "sandboxLauncher": flag(),
    "sourceCode": block({"cloudStorageSource": block({"bucket": text(REQUIRED), "generation": text(), "object": text(REQUIRED)})}),
    "startupProbe": block(
        {
            "failureThreshold": integer(default=3),
            "grpc": _GRPC,
            "httpGet": _HTTP,
            "initialDelaySeconds": integer(default=0),
            "periodSeconds": integer(default=10),
            "tcpSocket": block({"port": integer(FILLED)}),
            "timeoutSeconds": integer(default=1),
        },
        FILLED,
    ),
    "volumeMounts": _MOUNTS,
    "workingDir": text(),
}

_VOLUMES = blocks(
    {
        "cloudSqlInstance": block({"instances": text_set()}),
        "emptyDir": block({"medium": text(FREE, "MEMORY", "DISK", default="MEMORY"), "sizeLimit": text()}),
        "gcs": block({"bucket": text(REQUIRED), "mountOptions": texts(), "readOnly": flag()}),
        "name": text(REQUIRED),
        "nfs": block({"path": text(REQUIRED), "readOnly": flag(), "server": text(REQUIRED)}),
        "secret": block(
            {
                "defaultMode": integer(),
                "items": blocks({"mode": integer(), "path": text(REQUIRED), "version": text()}),
                "secret": text(REQUIRED),
            }
        ),
    }
)

TEMPLATE = block(
    {
        "annotations": mapping(),
        "containers": blocks(_CONTAINER),
        "encryptionKey": text(refuses=refusals.key_path),
        "executionEnvironment": text(FREE, "EXECUTION_ENVIRONMENT_GEN1", "EXECUTION_ENVIRONMENT_GEN2"),
        "gpuZonalRedundancyDisabled": flag(),
        "healthCheckDisabled": flag(),
        "labels": mapping(refuses=refusals.labels),
        "maxInstanceRequestConcurrency": integer(FILLED, between=(1, 1000)),
        "nodeSelector": block({"accelerator": text(REQUIRED)}),
        "revision": text(),
        "sandboxes": block(
            {
                "templates": blocks(
                    {
                        "args": texts(),
                        "commands": texts(),
                        "envs": block_set({"name": text(REQUIRED), "value": text(default="")}),
                        "image": text(REQUIRED),
                        "name": text(REQUIRED),
                        "volumeMounts": _MOUNTS,
                        "workingDir": text(),
                    }
                )
            }
        ),
        "scaling": block(
            {
                "concurrencyUtilization": number(),
                "cpuUtilization": number(),
                "maxInstanceCount": integer(FILLED, between=(1, 1000)),
                "minInstanceCount": integer(between=(0, 1000)),
            },
            FILLED,
        ),
        "serviceAccount": text(FILLED, refuses=refusals.email),
        "serviceMesh": block({"mesh": text()}),
        "sessionAffinity": flag(),
        "timeout": text(FILLED, refuses=refusals.duration(1, 3600), fills="300s"),
        "volumes": _VOLUMES,
        "vpcAccess": block(
            {
                "connector": text(),
                "egress": text(FILLED, "ALL_TRAFFIC", "PRIVATE_RANGES_ONLY"),
                "networkInterfaces": blocks({"network": text(FILLED), "subnetwork": text(FILLED), "tags": texts()}),
            },
            FREE,
            apart("connector", "networkInterfaces"),
        ),
    },
    REQUIRED,
)
