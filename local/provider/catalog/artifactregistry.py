"""Artifact Registry: repositories are records; images lie in the local image store."""

from local.provider import refusals
from local.provider.catalog.members import located, member, one
from local.provider.limits import artifactregistry as limits
from local.provider.names import now
from local.provider.regions import Service, location
from local.provider.schema import (
    FILLED,
    FIXED,
    FREE,
    REQUIRED,
    apart,
    block,
    block_set,
    blocks,
    deletion_policy,
    exactly_one,
    flag,
    integer,
    mapping,
    text,
    texts,
)
from local.provider.types import Type

REPOSITORY = "gcp:artifactregistry/repository:Repository"
_PLACE = "projects/{project}/locations/{location}/repositories/{repository:short}"

TYPES = (
    Type(
        REPOSITORY,
        id="projects/{project}/locations/{location}/repositories/{repositoryId}",
        properties={
            "cleanupPolicies": block_set(
                {
                    "action": text(FREE, "DELETE", "KEEP"),
                    "condition": block(
                        {
                            "newerThan": text(refuses=refusals.age),
                            "olderThan": text(refuses=refusals.age),
                            "packageNamePrefixes": texts(),
                            "tagPrefixes": texts(),
                            "tagState": text(FREE, "TAGGED", "UNTAGGED", "ANY", default="ANY"),
                            "versionNamePrefixes": texts(),
                        }
                    ),
                    "id": text(REQUIRED),
                    "mostRecentVersions": block({"keepCount": integer(between=(1, 2_147_483_647)), "packageNamePrefixes": texts()}),
                }
            ),
            "cleanupPolicyDryRun": flag(),
            "deletionPolicy": deletion_policy(),
            "description": text(),
            "dockerConfig": block({"immutableTags": flag()}),
            "format": text(REQUIRED | FIXED, "DOCKER", "MAVEN", "NPM", "APT", "YUM", "PYTHON", "KFP", "GO", "GENERIC"),
            "kmsKeyName": text(FIXED, refuses=refusals.key_path),
            "labels": mapping(refuses=refusals.labels),
            "location": text(FIXED | FILLED, refuses=location(Service.ARTIFACTS)),
            "mavenConfig": block(
                {
                    "allowSnapshotOverwrites": flag(FIXED),
                    "versionPolicy": text(FIXED, "VERSION_POLICY_UNSPECIFIED", "RELEASE", "SNAPSHOT", default="VERSION_POLICY_UNSPECIFIED"),
                }
            ),
            "mode": text(FIXED, "STANDARD_REPOSITORY", "VIRTUAL_REPOSITORY", "REMOTE_REPOSITORY", default="STANDARD_REPOSITORY"),
            "project": text(FIXED | FILLED),
            "remoteRepositoryConfig": block(
                {
                    "aptRepository": block(
                        {
                            "publicRepository": block(
                                {
                                    "repositoryBase": text(REQUIRED | FIXED, "DEBIAN", "UBUNTU", "DEBIAN_SNAPSHOT"),
                                    "repositoryPath": text(REQUIRED | FIXED),
                                },
                                FIXED,
                            )
                        },
                        FIXED,
                    ),
                    "commonRepository": block({"uri": text(REQUIRED | FIXED)}, FIXED),
                    "description": text(FIXED),
                    "disableUpstreamValidation": flag(),
                    "dockerRepository": block(
                        {"customRepository": block({"uri": text(FIXED)}, FIXED), "publicRepository": text(FIXED, "DOCKER_HUB")},
                        FIXED,
                        apart("customRepository", "publicRepository"),
                    ),
                    "mavenRepository": block(
                        {"customRepository": block({"uri": text(FIXED)}, FIXED), "publicRepository": text(FIXED, "MAVEN_CENTRAL")},
                        FIXED,
                        apart("customRepository", "publicRepository"),
                    ),
                    "noCache": block({}, FIXED),
                    "npmRepository": block(
                        {"customRepository": block({"uri": text(FIXED)}, FIXED), "publicRepository": text(FIXED, "NPMJS")},
                        FIXED,
                        apart("customRepository", "publicRepository"),
                    ),
                    "pythonRepository": block(
                        {"customRepository": block({"uri": text(FIXED)}, FIXED), "publicRepository": text(FIXED, "PYPI")},
                        FIXED,
                        apart("customRepository", "publicRepository"),
                    ),
                    "upstreamCredentials": block(
                        {"usernamePasswordCredentials": block({"passwordSecretVersion": text(), "username": text()})}
                    ),
                    "yumRepository": block(
                        {
                            "publicRepository": block(
                                {
                                    "repositoryBase": text(
                                        REQUIRED | FIXED, "CENTOS", "CENTOS_DEBUG", "CENTOS_VAULT", "CENTOS_STREAM", "ROCKY", "EPEL"
                                    ),
                                    "repositoryPath": text(REQUIRED | FIXED),
                                },
                                FIXED,
                            )
                        },
                        FIXED,
                    ),
                },
                FIXED,
                exactly_one(
                    "aptRepository",
                    "commonRepository",
                    "dockerRepository",
                    "mavenRepository",
                    "npmRepository",
                    "pythonRepository",
                    "yumRepository",
                ),
            ),
            "repositoryId": text(REQUIRED | FIXED, refuses=refusals.repository_name),
            "virtualRepositoryConfig": block({"upstreamPolicies": blocks({"id": text(), "priority": integer(), "repository": text()})}),
            "vulnerabilityScanningConfig": block({"enablementConfig": text(FREE, "INHERITED", "DISABLED")}, FILLED),
        },
        groups=(apart("remoteRepositoryConfig", "virtualRepositoryConfig"),),
        outputs={"name": "{repositoryId}", "registryUri": "{location}-{format:lower}.pkg.dev/{project}/{repositoryId}"},
        made={"createTime": now},
        touched={"updateTime": now},
        labelled=True,
        checks=limits.check,
    ),
    member(
        "gcp:artifactregistry/repositoryIamMember:RepositoryIamMember",
        "repository",
        _PLACE,
        one(REPOSITORY, _PLACE, "repository"),
        fields=located(),
        named=True,
    ),
)
