"""Who may pass Identity-Aware Proxy in front of a Cloud Run service."""

from local.provider.catalog.cloudrun import SERVICE
from local.provider.catalog.members import located, member, one

TYPES = (
    member(
        "gcp:iap/webCloudRunServiceIamMember:WebCloudRunServiceIamMember",
        "cloudRunServiceName",
        "projects/{project}/iap_web/cloud_run-{location}/services/{cloudRunServiceName:short}",
        one(SERVICE, "projects/{project}/locations/{location}/services/{cloudRunServiceName:short}", "service"),
        fields=located(),
    ),
)
