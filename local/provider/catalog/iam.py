"""Workload Identity Federation: pools and the providers whose tokens they take. Records: nothing is federated here."""

from collections.abc import Iterable

from local.provider import refusals
from local.provider.catalog.members import one
from local.provider.schema import (
    FILLED,
    FIXED,
    FREE,
    REQUIRED,
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
from local.provider.types import Inputs, Type
from local.provider.validation import Failure

_POOL = "gcp:iam/workloadIdentityPool:WorkloadIdentityPool"
_PROVIDER = "gcp:iam/workloadIdentityPoolProvider:WorkloadIdentityPoolProvider"
_POOL_ID = "projects/{project}/locations/global/workloadIdentityPools/{workloadIdentityPoolId}"
_CERTIFICATE = {"pemCertificate": text(REQUIRED)}

_issuer = refusals.named(r"https://[^\s?#]+", "the https URL of an issuer")
_pool_id = refusals.named(r"(?!gcp-)[a-z0-9-]{4,32}", "4 to 32 lower-case letters, digits and '-', not starting with 'gcp-'")


def _expression(value: str) -> str:
    return "" if len(value) <= 4096 else f"must have at most 4096 characters, not {len(value)}"


def _mapping(value: dict[str, str]) -> str:
    """https://cloud.google.com/iam/docs/workload-identity-federation#mapping"""
    for name, expression in value.items():
        custom = name.removeprefix("attribute.")
        if name not in ("google.subject", "google.groups") and (custom == name or refusals.named(r"[a-z0-9_]{1,100}", "")(custom)):
            return f"must map to google.subject, google.groups or attribute.NAME in lower case; {name!r} is none"
        if isinstance(expression, str) and len(expression) > 2048:
            return f"must have expressions of at most 2048 characters; that of {name!r} has {len(expression)}"
    return ""


def _checks(inputs: Inputs) -> Iterable[Failure]:
    """Only Google's own providers map a subject without being told how."""
    told = inputs.get("attributeMapping") or {}
    if not inputs.get("aws") and isinstance(told, dict) and "google.subject" not in told:
        yield Failure("attributeMapping", "'attributeMapping' must map google.subject")


_CERTIFICATES = block(
    {
        "caPools": mapping(),
        "keyAlgorithm": text(FILLED, "RSA_2048", "RSA_3072", "RSA_4096", "ECDSA_P256", "ECDSA_P384"),
        "lifetime": text(FILLED),
        "rotationWindowPercentage": integer(FILLED),
        "useDefaultSharedCa": flag(),
    },
    FREE,
    exactly_one("caPools", "useDefaultSharedCa"),
)
_TRUST = block(
    {
        "additionalTrustBundles": block_set(
            {
                "trustAnchors": blocks(_CERTIFICATE, REQUIRED),
                "trustDefaultSharedCa": flag(),
                "trustDomain": text(REQUIRED),
            }
        )
    }
)
_OIDC = block({"allowedAudiences": texts(items=(0, 10)), "issuerUri": text(REQUIRED, refuses=_issuer), "jwksJson": text()})
_TRUST_STORE = block(
    {"intermediateCas": blocks({"pemCertificate": text()}), "trustAnchors": blocks({"pemCertificate": text()}, REQUIRED)}, REQUIRED
)

TYPES = (
    Type(
        _POOL,
        id=_POOL_ID,
        properties={
            "attestationRules": block_set({"googleCloudResource": text(REQUIRED)}),
            "deletionPolicy": deletion_policy(),
            "description": text(length=(0, 256)),
            "disabled": flag(),
            "displayName": text(length=(0, 32)),
            "inlineCertificateIssuanceConfig": _CERTIFICATES,
            "inlineTrustConfig": _TRUST,
            "mode": text(FILLED, "FEDERATION_ONLY", "TRUST_DOMAIN", "SYSTEM_TRUST_DOMAIN", fills="FEDERATION_ONLY"),
            "project": text(FIXED | FILLED),
            "workloadIdentityPoolId": text(REQUIRED | FIXED, refuses=_pool_id),
        },
        # by the project's number, which is what members are named by
        outputs={"name": "projects/{number}/locations/global/workloadIdentityPools/{workloadIdentityPoolId}"},
        made={"state": lambda: "ACTIVE"},
    ),
    Type(
        _PROVIDER,
        id=_POOL_ID + "/providers/{workloadIdentityPoolProviderId}",
        properties={
            "attributeCondition": text(refuses=_expression),
            "attributeMapping": mapping(refuses=_mapping),
            "aws": block({"accountId": text(REQUIRED)}),
            "deletionPolicy": deletion_policy(),
            "description": text(length=(0, 256)),
            "disabled": flag(),
            "displayName": text(length=(0, 32)),
            "oidc": _OIDC,
            "project": text(FIXED | FILLED),
            "saml": block({"idpMetadataXml": text(REQUIRED)}),
            "workloadIdentityPoolId": text(REQUIRED | FIXED),
            "workloadIdentityPoolProviderId": text(REQUIRED | FIXED, refuses=_pool_id),
            "x509": block({"trustStore": _TRUST_STORE}),
        },
        groups=(exactly_one("aws", "oidc", "saml", "x509"),),
        outputs={
            "name": "projects/{number}/locations/global/workloadIdentityPools/{workloadIdentityPoolId}"
            "/providers/{workloadIdentityPoolProviderId}"
        },
        made={"state": lambda: "ACTIVE"},
        checks=_checks,
        references=one(_POOL, _POOL_ID, "workload identity pool"),
    ),
)
