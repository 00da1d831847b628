"""For each rule of the policy pack, resources that fail it, with what is said of them, and resources that pass."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Resource = dict[str, Any]
UNKNOWN = "[unknown]"
DIGEST = "@sha256:" + "5d" * 32
BUCKET, BUCKET_MEMBER = "gcp:storage/bucket:Bucket", "gcp:storage/bucketIAMMember:BucketIAMMember"
SERVICE, INVOKER = "gcp:cloudrunv2/service:Service", "gcp:cloudrunv2/serviceIamMember:ServiceIamMember"
FUNCTION, JOB = "gcp:cloudfunctionsv2/function:Function", "gcp:cloudrunv2/job:Job"
PROJECT_MEMBER, SIGN_IN = "gcp:projects/iAMMember:IAMMember", "gcp:iap/webCloudRunServiceIamMember:WebCloudRunServiceIamMember"
TOPIC, SUBSCRIPTION = "gcp:pubsub/topic:Topic", "gcp:pubsub/subscription:Subscription"
DATABASE, CRYPTO_KEY = "gcp:firestore/database:Database", "gcp:kms/cryptoKey:CryptoKey"
SECRET, SCHEDULE, ALERT = "gcp:secretmanager/secret:Secret", "gcp:cloudscheduler/job:Job", "gcp:monitoring/alertPolicy:AlertPolicy"
IMAGE = "docker:index/image:Image"


def urn(type_: str, name: str, stack: str = "prod") -> str:
    return f"urn:pulumi:{stack}::sd-for-designers::{type_}::{name}"


def one(type_: str, name: str = "it", /, *, stack: str = "prod", protect: bool = False, comes_from: Any = None, **inputs: Any) -> Resource:
    """A resource as a preview's JSON has it; `comes_from` are the URNs that a property's value comes from."""
    return {
        "urn": urn(type_, name, stack),
        "type": type_,
        "inputs": inputs,
        "outputs": inputs,
        "protect": protect,
        "propertyDependencies": comes_from or {},
    }


def container(**fields: Any) -> dict[str, Any]:
    return {"containers": [fields]}


@dataclass(frozen=True)
class Fails:
    text: str
    stack: tuple[Resource, ...]


@dataclass(frozen=True)
class Cases:
    """By a sentence that says what is tried."""

    fails: Mapping[str, Fails]
    passes: Mapping[str, tuple[Resource, ...]]


_TOPIC = urn(TOPIC, "dead")
_BURIES: dict[str, Any] = {
    "comes_from": {"topic": [urn(TOPIC, "jobs")], "deadLetterPolicy": [_TOPIC]},
    "deadLetterPolicy": {"deadLetterTopic": UNKNOWN},
}
_GUARDED: dict[str, Any] = {
    "deleteProtectionState": "DELETE_PROTECTION_ENABLED",
    "deletionPolicy": "PREVENT",
    "pointInTimeRecoveryEnablement": "POINT_IN_TIME_RECOVERY_ENABLED",
}
_KEY_BLOCK = "-----BEGIN RSA PRIVATE KEY-----\nMIIE"

CASES: Mapping[str, Cases] = {
    "no-public-members": Cases(
        {
            "a bucket for everybody": Fails(
                "BucketIAMMember it: member is allUsers; name the accounts or groups that need it",
                (one(BUCKET_MEMBER, member="allUsers", role="roles/storage.objectViewer"),),
            ),
            "everybody among the members of a binding": Fails(
                "TopicIAMBinding it: members[1] is allAuthenticatedUsers; name the accounts or groups that need it",
                (one("gcp:pubsub/topicIAMBinding:TopicIAMBinding", members=["user:ada@example.com", "allAuthenticatedUsers"]),),
            ),
            "everybody in the text of a policy": Fails(
                "ServiceIamPolicy it: policyData is allUsers; name the accounts or groups that need it",
                (
                    one(
                        "gcp:cloudrunv2/serviceIamPolicy:ServiceIamPolicy",
                        policyData='{"bindings":[{"role":"roles/run.invoker","members":["allUsers"]}]}',
                    ),
                ),
            ),
            "an access list that names everybody": Fails(
                "BucketACL it: roleEntities[0] is allUsers; name the accounts or groups that need it",
                (one("gcp:storage/bucketACL:BucketACL", roleEntities=["READER:allUsers"]),),
            ),
            "a ready-made access list that is public": Fails(
                "BucketObject it: predefinedAcl is publicRead; leave it out and grant a role on the bucket",
                (one("gcp:storage/bucketObject:BucketObject", predefinedAcl="publicRead"),),
            ),
        },
        {
            "a bucket for a group": (one(BUCKET_MEMBER, member="group:designers@example.com", role="roles/storage.objectViewer"),),
            "a member that is not known yet": (one(BUCKET_MEMBER, member=UNKNOWN, role="roles/storage.objectViewer"),),
        },
    ),
    "buckets-are-closed": Cases(
        {
            "prevention left to the project": Fails(
                'Bucket it: publicAccessPrevention is not set; set public_access_prevention="enforced"',
                (one(BUCKET, uniformBucketLevelAccess=True),),
            ),
            "prevention turned off": Fails(
                'Bucket it: publicAccessPrevention is inherited; set public_access_prevention="enforced"',
                (one(BUCKET, publicAccessPrevention="inherited", uniformBucketLevelAccess=True),),
            ),
            "access lists per object": Fails(
                "Bucket it: uniformBucketLevelAccess is False; set uniform_bucket_level_access=True",
                (one(BUCKET, publicAccessPrevention="enforced", uniformBucketLevelAccess=False),),
            ),
        },
        {"a closed bucket": (one(BUCKET, publicAccessPrevention="enforced", uniformBucketLevelAccess=True),)},
    ),
    "browsers-from-known-origins": Cases(
        {
            "any origin": Fails(
                "Bucket it: cors[0].origins[0] is *; name the portal's origin",
                (one(BUCKET, cors=[{"origins": ["*"], "methods": ["PUT"]}]),),
            )
        },
        {"the portal's origin": (one(BUCKET, cors=[{"origins": ["https://portal.example.com"], "methods": ["PUT"]}]),)},
    ),
    "callers-are-checked": Cases(
        {
            "a service that anybody may call": Fails(
                "Service it: invokerIamDisabled is True; leave it out and grant roles/run.invoker to the accounts that call",
                (one(SERVICE, invokerIamDisabled=True),),
            )
        },
        {"a service that checks": (one(SERVICE, invokerIamDisabled=False),)},
    ),
    "people-sign-in": Cases(
        {
            "a group that calls a service directly": Fails(
                "ServiceIamMember it: member group:designers@example.com has roles/run.invoker; people sign in: "
                "grant roles/iap.httpsResourceAccessor with iap.WebCloudRunServiceIamMember",
                (one(INVOKER, member="group:designers@example.com", role="roles/run.invoker"),),
            )
        },
        {
            "an account that calls a service": (
                one(INVOKER, member="serviceAccount:portal@p.iam.gserviceaccount.com", role="roles/run.invoker"),
            ),
            "a person who may look at a service": (one(INVOKER, member="user:ada@example.com", role="roles/run.viewer"),),
        },
    ),
    "sign-in-is-on": Cases(
        {
            "sign-in for a service without IAP": Fails(
                "Service portal: iapEnabled is False although people are granted sign-in; set iap_enabled=True",
                (one(SERVICE, "portal", name="sd-portal", iapEnabled=False), one(SIGN_IN, "in", cloudRunServiceName="sd-portal")),
            ),
            "sign-in for a service whose name is not known yet": Fails(
                "Service portal: iapEnabled is not set although people are granted sign-in; set iap_enabled=True",
                (
                    one(SERVICE, "portal", name=UNKNOWN),
                    one(SIGN_IN, "in", cloudRunServiceName=UNKNOWN, comes_from={"cloudRunServiceName": [urn(SERVICE, "portal")]}),
                ),
            ),
        },
        {
            "sign-in for a service with IAP": (
                one(SERVICE, "portal", name="sd-portal", iapEnabled=True),
                one(SIGN_IN, "in", cloudRunServiceName="sd-portal"),
            ),
            "a service that only accounts call": (
                one(SERVICE, "upload", name="sd-upload", iapEnabled=False),
                one(SIGN_IN, "in", cloudRunServiceName="sd-portal"),
            ),
        },
    ),
    "grants-add": Cases(
        {
            "a policy of the project": Fails(
                "IAMPolicy it: an IAM policy removes the grants that others made; use the IAMMember of the same resource",
                (one("gcp:projects/iAMPolicy:IAMPolicy"),),
            ),
            "a binding of a bucket": Fails(
                "BucketIAMBinding it: an IAM binding removes the grants that others made; use the IAMMember of the same resource",
                (one("gcp:storage/bucketIAMBinding:BucketIAMBinding"),),
            ),
            "a binding of a service": Fails(
                "ServiceIamBinding it: an IAM binding removes the grants that others made; use the IAMMember of the same resource",
                (one("gcp:cloudrunv2/serviceIamBinding:ServiceIamBinding"),),
            ),
        },
        {
            "a member": (one(PROJECT_MEMBER),),
            "a policy that is not about access": (one("gcp:binaryauthorization/policy:Policy"), one(ALERT)),
        },
    ),
    "no-broad-roles": Cases(
        {
            "an editor": Fails(
                "IAMMember it: role is roles/editor; grant the narrowest role on the narrowest resource",
                (one(PROJECT_MEMBER, role="roles/editor"),),
            )
        },
        {"a narrow role": (one(PROJECT_MEMBER, role="roles/datastore.user"),)},
    ),
    "no-default-accounts": Cases(
        {
            "a service on the default account of Compute Engine": Fails(
                "Service it: template.serviceAccount names the default account 42-compute@developer.gserviceaccount.com; "
                "make a serviceaccount.Account for this workload",
                (one(SERVICE, template={"serviceAccount": "42-compute@developer.gserviceaccount.com"}),),
            ),
            "a grant to the default account of App Engine": Fails(
                "IAMMember it: member names the default account my-team@appspot.gserviceaccount.com; "
                "make a serviceaccount.Account for this workload",
                (one(PROJECT_MEMBER, member="serviceAccount:my-team@appspot.gserviceaccount.com"),),
            ),
        },
        {
            "a service on an account of its own": (one(SERVICE, template={"serviceAccount": "portal@p.iam.gserviceaccount.com"}),),
            "a grant to an agent of Google's": (
                one(PROJECT_MEMBER, member="serviceAccount:service-42@gcp-sa-pubsub.iam.gserviceaccount.com"),
            ),
        },
    ),
    "workloads-have-accounts": Cases(
        {
            "a service that names none": Fails(
                "Service it: template.serviceAccount is not set, so a default account is used; name the workload's own account",
                (one(SERVICE, template={}),),
            ),
            "a function whose build names none": Fails(
                "Function it: buildConfig.serviceAccount is not set, so a default account is used; name the workload's own account",
                (one(FUNCTION, buildConfig={"runtime": "python311"}, serviceConfig={"serviceAccountEmail": UNKNOWN}),),
            ),
        },
        {
            "a service that names one": (one(SERVICE, template={"serviceAccount": "portal@p.iam.gserviceaccount.com"}),),
            "a function whose accounts are not known yet": (
                one(FUNCTION, buildConfig={"serviceAccount": UNKNOWN}, serviceConfig={"serviceAccountEmail": UNKNOWN}),
            ),
        },
    ),
    "calls-have-identities": Cases(
        {
            "a push that carries none": Fails(
                "Subscription it: pushConfig has no oidcToken; give it one with the caller's account, and grant that account the call",
                (one(SUBSCRIPTION, pushConfig={"pushEndpoint": "https://start.example.com"}),),
            ),
            "a schedule that carries none": Fails(
                "Job it: httpTarget has no oidcToken or oauthToken; give it one with the caller's account, and grant that account the call",
                (one(SCHEDULE, httpTarget={"uri": "https://sweep.example.com"}),),
            ),
        },
        {
            "a push that carries one": (
                one(
                    SUBSCRIPTION,
                    pushConfig={"pushEndpoint": UNKNOWN, "oidcToken": {"serviceAccountEmail": "push@p.iam.gserviceaccount.com"}},
                ),
            ),
            "a subscription that is pulled": (one(SUBSCRIPTION, topic="jobs"),),
            "a schedule that carries one": (one(SCHEDULE, httpTarget={"uri": UNKNOWN, "oidcToken": UNKNOWN}),),
        },
    ),
    "no-keys": Cases(
        {
            f"a {kind}": Fails(
                f"{kind} it: it is a key of type {type_}; "
                "use the workload's own account, or workload identity federation from outside Google",
                (one(type_),),
            )
            for kind, type_ in {"Key": "gcp:serviceaccount/key:Key", "HmacKey": "gcp:storage/hmacKey:HmacKey"}.items()
        },
        {"an account": (one("gcp:serviceaccount/account:Account"),), "a key of a key ring": (one(CRYPTO_KEY),)},
    ),
    "no-key-material": Cases(
        {
            "a private key in an environment variable": Fails(
                "Service it: template.containers[0].envs[0].value holds a private key (not shown); "
                "revoke it, and use the workload's own account or Secret Manager",
                (one(SERVICE, template=container(envs=[{"name": "SIGNING", "value": _KEY_BLOCK}])),),
            ),
            "an account's key file in a bucket": Fails(
                "BucketObject it: content holds a service account's key file (not shown); "
                "revoke it, and use the workload's own account or Secret Manager",
                (one("gcp:storage/bucketObject:BucketObject", content='{"type": "service_account", "private_key_id": "5d"}'),),
            ),
        },
        {"an environment variable": (one(SERVICE, template=container(envs=[{"name": "SIGNING", "value": "rs256"}])),)},
    ),
    "no-plain-secrets": Cases(
        {
            "a token of a service": Fails(
                "Service it: template.containers[0].envs[0] gives HUB_TOKEN in plain text (not shown); "
                'use value_source={"secret_key_ref": ...}',
                (one(SERVICE, template=container(envs=[{"name": "HUB_TOKEN", "value": "swordfish"}])),),
            ),
            "a password of a function": Fails(
                "Function it: serviceConfig.environmentVariables gives DATABASE_PASSWORD in plain text (not shown); "
                "keep it in Secret Manager and name the secret",
                (one(FUNCTION, serviceConfig={"environmentVariables": {"DATABASE_PASSWORD": "swordfish"}}),),
            ),
            "an API key that goes into an image": Fails(
                "Image it: build.args gives HUB_API_KEY in plain text (not shown); keep it in Secret Manager and name the secret",
                (one(IMAGE, build={"args": {"HUB_API_KEY": "swordfish"}}),),
            ),
        },
        {
            "a token that Secret Manager holds": (
                one(SERVICE, template=container(envs=[{"name": "HUB_TOKEN", "valueSource": {"secretKeyRef": {"secret": "hub"}}}])),
            ),
            "a variable that is no secret": (
                one(FUNCTION, serviceConfig={"environmentVariables": {"DEAD_LETTER_SUBSCRIPTION": UNKNOWN, "MAX_TOKENS": "3"}}),
            ),
        },
    ),
    "labelled": Cases(
        {
            "no labels": Fails("Bucket it: labels {} lack app, stack; give it the stack's labels", (one(BUCKET),)),
            "another's labels": Fails(
                "AlertPolicy it: userLabels {'app': 'sd-for-designers'} lack stack; give it the stack's labels",
                (one(ALERT, userLabels={"app": "sd-for-designers"}),),
            ),
        },
        {
            "the stack's labels": (one(BUCKET, labels={"app": "sd-for-designers", "stack": "prod"}),),
            "what carries none": (one("gcp:firestore/index:Index"),),
        },
    ),
    "data-is-protected": Cases(
        {
            f"a {type_.rpartition(':')[2]} that anybody's destroy deletes": Fails(
                f"{type_.rpartition(':')[2]} it: it holds data of stack prod and is not protected; pass ResourceOptions(protect=True)",
                (one(type_),),
            )
            for type_ in (BUCKET, DATABASE, CRYPTO_KEY, SECRET)
        },
        {
            "a protected bucket": (one(BUCKET, protect=True),),
            "a bucket of a stack that comes and goes": (one(BUCKET, stack="dev"),),
            "what holds no data": (one(TOPIC),),
        },
    ),
    "data-is-not-emptied": Cases(
        {
            "a bucket that goes with its objects": Fails(
                "Bucket it: forceDestroy is True in stack prod, so destroying takes the data along; set force_destroy=False",
                (one(BUCKET, forceDestroy=True),),
            )
        },
        {
            "a bucket that must be empty": (one(BUCKET, forceDestroy=False),),
            "a bucket of a stack that comes and goes": (one(BUCKET, stack="dev", forceDestroy=True),),
        },
    ),
    "databases-are-guarded": Cases(
        {
            "no delete protection": Fails(
                "Database it: deleteProtectionState is DELETE_PROTECTION_DISABLED in stack prod; "
                'set delete_protection_state="DELETE_PROTECTION_ENABLED"',
                (one(DATABASE, **{**_GUARDED, "deleteProtectionState": "DELETE_PROTECTION_DISABLED"}),),
            ),
            "a database that goes with the stack": Fails(
                'Database it: deletionPolicy is not set in stack prod; set deletion_policy="PREVENT"',
                (one(DATABASE, **{key: value for key, value in _GUARDED.items() if key != "deletionPolicy"}),),
            ),
            "no way back to an hour ago": Fails(
                "Database it: pointInTimeRecoveryEnablement is not set in stack prod; "
                'set point_in_time_recovery_enablement="POINT_IN_TIME_RECOVERY_ENABLED"',
                (one(DATABASE, **{key: value for key, value in _GUARDED.items() if key != "pointInTimeRecoveryEnablement"}),),
            ),
        },
        {"all three": (one(DATABASE, **_GUARDED),), "a database of a stack that comes and goes": (one(DATABASE, stack="local"),)},
    ),
    "regions": Cases(
        {
            "a bucket on another continent": Fails(
                "Bucket it: location is ASIA-EAST1; use one of europe-west4, us-central1, or have the platform team allow it",
                (one(BUCKET, location="ASIA-EAST1"),),
            ),
            "a bucket of several regions": Fails(
                "Bucket it: location is US; use one of europe-west4, us-central1, or have the platform team allow it",
                (one(BUCKET, location="US"),),
            ),
            "a database of several regions": Fails(
                "Database it: locationId is nam5; use one of europe-west4, us-central1, or have the platform team allow it",
                (one(DATABASE, locationId="nam5"),),
            ),
            "messages kept elsewhere": Fails(
                "Topic it: messageStoragePolicy.allowedPersistenceRegions[1] is us-east1; "
                "use one of europe-west4, us-central1, or have the platform team allow it",
                (one(TOPIC, messageStoragePolicy={"allowedPersistenceRegions": ["us-central1", "us-east1"]}),),
            ),
            "a secret that Google keeps where it likes": Fails(
                "Secret it: replication.auto is global; use one of europe-west4, us-central1, or have the platform team allow it",
                (one(SECRET, replication={"auto": {}}),),
            ),
            "a provider whose default is elsewhere": Fails(
                "gcp default: region is us-east1; use one of europe-west4, us-central1, or have the platform team allow it",
                (one("pulumi:providers:gcp", "default", region="us-east1"),),
            ),
        },
        {
            "an allowed region": (one(BUCKET, location="US-CENTRAL1"), one(SCHEDULE, region="europe-west4")),
            "a grant, which is where its resource is": (one(INVOKER, location="asia-east1"),),
            "a zone of an allowed region": (one("gcp:notebooks/instance:Instance", location="us-central1-a"),),
            "a region that is not known yet": (one(BUCKET, location=UNKNOWN),),
        },
    ),
    "dead-letters": Cases(
        {
            "a push that gives up": Fails(
                "Subscription it: pushConfig.pushEndpoint is set and deadLetterPolicy is not; give it a dead_letter_policy",
                (one(SUBSCRIPTION, pushConfig={"pushEndpoint": UNKNOWN}),),
            ),
            "a function with a trigger of Eventarc's": Fails(
                "Function it: eventTrigger makes a subscription that has no dead letter; deliver with a push subscription that has one",
                (one(FUNCTION, eventTrigger={"eventType": "google.cloud.pubsub.topic.v1.messagePublished"}),),
            ),
        },
        {
            "a push that buries": (one(SUBSCRIPTION, pushConfig={"pushEndpoint": UNKNOWN}, deadLetterPolicy={"deadLetterTopic": UNKNOWN}),),
            "a subscription that is pulled": (one(SUBSCRIPTION, topic="jobs"),),
            "a function that is called": (one(FUNCTION),),
        },
    ),
    "subscriptions-stay": Cases(
        {
            "Google's default": Fails(
                "Subscription it: expirationPolicy.ttl is not set: after so long without a reader it is gone; "
                'set expiration_policy={"ttl": ""}',
                (one(SUBSCRIPTION),),
            ),
            "a week": Fails(
                "Subscription it: expirationPolicy.ttl is 604800s: after so long without a reader it is gone; "
                'set expiration_policy={"ttl": ""}',
                (one(SUBSCRIPTION, expirationPolicy={"ttl": "604800s"}),),
            ),
        },
        {"never": (one(SUBSCRIPTION, expirationPolicy={"ttl": ""}),)},
    ),
    "dead-letters-are-read": Cases(
        {
            "a topic that nobody reads": Fails(
                "Subscription start: nobody reads its dead letters: topic dead has no subscription; give that topic one, or they are lost",
                (one(TOPIC, "dead"), one(SUBSCRIPTION, "start", topic=UNKNOWN, **_BURIES)),
            ),
            "a topic that is written out": Fails(
                "Subscription start: nobody reads its dead letters: topic dead has no subscription; give that topic one, or they are lost",
                (one(SUBSCRIPTION, "start", topic="jobs", deadLetterPolicy={"deadLetterTopic": "projects/p/topics/dead"}),),
            ),
        },
        {
            "a topic with an inbox": (
                one(TOPIC, "dead"),
                one(SUBSCRIPTION, "start", topic=UNKNOWN, **_BURIES),
                one(SUBSCRIPTION, "inbox", topic=UNKNOWN, comes_from={"topic": [_TOPIC]}),
            ),
            "both written out": (
                one(SUBSCRIPTION, "start", topic="jobs", deadLetterPolicy={"deadLetterTopic": "projects/p/topics/dead"}),
                one(SUBSCRIPTION, "inbox", topic="dead"),
            ),
        },
    ),
    "images-by-digest": Cases(
        {
            "a service by tag": Fails(
                "Service it: template.containers[0].image is registry/portal:v3; "
                "a tag can be moved: name the image by digest (name@sha256:...)",
                (one(SERVICE, template=container(image="registry/portal:v3")),),
            ),
            "a job by the latest": Fails(
                "Job it: template.template.containers[0].image is registry/job; "
                "a tag can be moved: name the image by digest (name@sha256:...)",
                (one(JOB, template={"template": container(image="registry/job")}),),
            ),
            "the second container by tag": Fails(
                "Service it: template.containers[1].image is sidecar:latest; "
                "a tag can be moved: name the image by digest (name@sha256:...)",
                (one(SERVICE, template={"containers": [{"image": UNKNOWN}, {"image": "sidecar:latest"}]}),),
            ),
        },
        {
            "a service by digest": (one(SERVICE, template=container(image=f"registry/portal:v3{DIGEST}")),),
            "an image that is yet to be pushed": (one(SERVICE, template=container(image=UNKNOWN)),),
        },
    ),
    "instances-are-limited": Cases(
        {
            "a service without limit": Fails(
                "Service it: template.scaling.maxInstanceCount is not set; set max_instance_count, or one bad day scales the bill",
                (one(SERVICE, template={"scaling": {"minInstanceCount": 0}}),),
            ),
            "a function without limit": Fails(
                "Function it: serviceConfig.maxInstanceCount is not set; set max_instance_count, or one bad day scales the bill",
                (one(FUNCTION, serviceConfig={}),),
            ),
            "a service with too high a limit": Fails(
                "Service it: it may have 1000 instances; set max_instance_count to 20 or less",
                (one(SERVICE, template={"scaling": {"maxInstanceCount": 1000}}),),
            ),
        },
        {
            "a service with a limit": (one(SERVICE, template={"scaling": {"maxInstanceCount": 5}}),),
            "a service with a limit over all revisions": (one(SERVICE, scaling={"maxInstanceCount": 5}),),
            "a function with a limit": (one(FUNCTION, serviceConfig={"maxInstanceCount": 1}),),
        },
    ),
}
