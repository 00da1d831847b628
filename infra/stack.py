"""The architecture, in the order in which a job meets it."""

from collections.abc import Mapping, Sequence

import pulumi

from infra.access import DESIGNERS, Access, Agent, Resource, Roles
from infra.app import App
from infra.config import Config
from infra.containers import Containers
from infra.data import Data
from infra.foundation import Foundation, Workload
from infra.plumbing import Plumbing
from infra.training import Training


def build() -> None:
    config = Config.load()
    foundation = Foundation("foundation", config)
    data = Data("data", config, foundation)
    containers = Containers("containers", foundation)

    roles = Roles("roles", config, after=foundation.apis)
    principals = _principals(config, foundation)
    may_act = Access("data-access", config, roles, principals, _stores(config, foundation, data))

    app = App("app", config, foundation, data, containers, after=may_act.bindings)
    training = Training("training", config, foundation, data, containers)
    plumbing = Plumbing("plumbing", config, foundation, data, training, after=may_act.bindings)
    Access("call-access", config, roles, principals, _services(app, plumbing))

    pulumi.export("portal", app.portal.uri)
    pulumi.export("uploadService", app.upload.uri)
    pulumi.export("pipelineTemplate", training.template)
    pulumi.export("pipelineRoot", data.uri(data.pipeline_root))
    pulumi.export("database", data.database.name)
    pulumi.export("modelsBucket", data.models.name)
    pulumi.export("iapAudience", app.audience)


def _principals(config: Config, foundation: Foundation) -> Mapping[str, Sequence[pulumi.Input[str]]]:
    return {
        **{workload: [account.member] for workload, account in foundation.accounts.items()},
        Agent.PUBSUB: [foundation.pubsub_agent.member],
        Agent.IAP: [foundation.iap_agent.member],
        DESIGNERS: config.designers,
    }


def _stores(config: Config, foundation: Foundation, data: Data) -> Mapping[Resource, pulumi.Input[str]]:
    return {
        Resource.PROJECT: config.project,
        Resource.UPLOADS: data.uploads.name,
        Resource.MODELS: data.models.name,
        Resource.PIPELINE: data.pipeline.name,
        Resource.PIPELINE_ROOT: data.pipeline_root.name,
        Resource.SOURCES: data.sources.name,
        Resource.JOBS: data.jobs.name,
        Resource.DEAD_LETTERS: data.dead_letters.name,
        Resource.DEAD_LETTER_INBOX: data.dead_letter_inbox.name,
        Resource.REGISTRY: foundation.repository.name,
        Resource.PIPELINE_ACCOUNT: foundation.accounts[Workload.PIPELINE].name,
        Resource.TRAINER_ACCOUNT: foundation.accounts[Workload.TRAINER].name,
        Resource.SERVING_ACCOUNT: foundation.accounts[Workload.SERVING].name,
    }


def _services(app: App, plumbing: Plumbing) -> Mapping[Resource, pulumi.Input[str]]:
    return {
        Resource.UPLOAD_SERVICE: app.upload.name,
        Resource.PORTAL_SERVICE: app.portal.name,
        Resource.PORTAL_SIGN_IN: app.portal.name,
        Resource.START_FUNCTION: plumbing.start.name,
        Resource.SWEEP_FUNCTION: plumbing.sweep.name,
        Resource.START_SUBSCRIPTION: plumbing.push.name,
    }
