"""What an environment stands on before its first `up`."""

import pulumi
import pulumi_gcp as gcp

from bootstrap.accounts import make_deployer, make_previewer
from bootstrap.config import Config
from bootstrap.federation import federate
from bootstrap.state import make_state

# serviceusage and cloudresourcemanager must be on before this can run at all; cloudquotas and orgpolicy are for the doctor
APIS = (
    "cloudbilling",
    "cloudkms",
    "cloudquotas",
    "cloudresourcemanager",
    "iam",
    "iamcredentials",
    "orgpolicy",
    "serviceusage",
    "storage",
    "sts",
)


def build() -> None:
    config = Config.load()
    apis = [gcp.projects.Service(api, service=f"{api}.googleapis.com", disable_on_destroy=False) for api in APIS]
    state = make_state(config, apis)
    github = federate(config, apis)
    deployer = make_deployer(config, state, github.deployments(config.stack, config.branch), apis)
    previewer = make_previewer(config, state, github.pull_requests(), github.schedules(), apis)

    pulumi.export("backend", state.backend)
    pulumi.export("secretsProvider", state.secrets_provider)
    pulumi.export("workloadIdentityProvider", github.provider.name)
    pulumi.export("deployer", deployer.email)
    pulumi.export("previewer", previewer.email)
