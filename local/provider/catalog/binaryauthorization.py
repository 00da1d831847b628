"""Binary Authorization: which images may run. A project has one policy, and it is always there; here it is a record."""

from collections.abc import Iterable, Mapping

from local.provider import within
from local.provider.schema import (
    FILLED,
    FIXED,
    REQUIRED,
    Property,
    block,
    block_set,
    blocks,
    deletion_policy,
    text,
    text_set,
)
from local.provider.types import Inputs, Type
from local.provider.validation import Failure
from local.provider.within import wrong

_RULE: Mapping[str, Property] = {
    "enforcementMode": text(REQUIRED, "ENFORCED_BLOCK_AND_AUDIT_LOG", "DRYRUN_AUDIT_LOG_ONLY"),
    "evaluationMode": text(REQUIRED, "ALWAYS_ALLOW", "REQUIRE_ATTESTATION", "ALWAYS_DENY"),
    "requireAttestationsBies": text_set(),
}


def _checks(inputs: Inputs) -> Iterable[Failure]:
    """REQUIRE_ATTESTATION names attestors, ALWAYS_ALLOW and ALWAYS_DENY none."""
    for path, rule in within.blocks(inputs, "defaultAdmissionRule"):
        asks, given = rule.get("evaluationMode"), rule.get("requireAttestationsBies")
        if asks == "REQUIRE_ATTESTATION" and not given:
            yield wrong(f"{path}.requireAttestationsBies", f"must name the attestors that evaluationMode {asks} asks for")
        if asks in ("ALWAYS_ALLOW", "ALWAYS_DENY") and given:
            yield wrong(f"{path}.requireAttestationsBies", f"means nothing with evaluationMode {asks}: leave it out")


TYPES = (
    Type(
        "gcp:binaryauthorization/policy:Policy",
        id="projects/{project}",
        properties={
            "admissionWhitelistPatterns": blocks({"namePattern": text(REQUIRED)}),
            "clusterAdmissionRules": block_set({"cluster": text(REQUIRED), **_RULE}),
            "defaultAdmissionRule": block(_RULE, REQUIRED),
            "deletionPolicy": deletion_policy(),
            "description": text(),
            "globalPolicyEvaluationMode": text(FILLED, "ENABLE", "DISABLE"),
            "project": text(FIXED | FILLED),
        },
        adopts=True,
        checks=_checks,
    ),
)
