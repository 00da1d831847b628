"""The architecture, in the order in which a job meets it."""

import pulumi

from infra.access import DESIGNERS, Resource, Workload
from infra.app import App
from infra.bindings import Access, Places, Principals, Roles, base_model
from infra.checks import check
from infra.config import Config
from infra.containers import Containers
from infra.data import Data
from infra.foundation import Foundation
from infra.guards import Guards
from infra.network import Network
from infra.operations import Operations
from infra.plumbing import Plumbing
from infra.training import Training


def build() -> None:
    config = Config.load()
    check(config)
    foundation = Foundation("foundation", config)
    Guards("guards", config, foundation)
    network = Network("network", config, foundation) if config.private_egress else None
    data = Data("data", config, foundation)

    roles = Roles("roles", config, after=foundation.apis)
    principals = _principals(config, foundation)
    may_act = Access("data-access", config, principals, _stores(config, foundation, data), roles)

    containers = Containers("containers", config, foundation, data, granted=may_act.bindings)
    app = App("app", config, foundation, data, containers, network, after=may_act.bindings)
    training = Training("training", config, foundation, data, containers)
    plumbing = Plumbing("plumbing", config, foundation, data, training, app, network, after=may_act.bindings)
    Access("call-access", config, principals, _services(app, plumbing), roles)
    Operations("operations", config, foundation, data, app)

    pulumi.export("portal", app.portal.uri)
    pulumi.export("uploadService", app.upload.uri)
    pulumi.export("pipelineTemplate", training.template)
    pulumi.export("pipelineRoot", data.uri(data.pipeline_root))
    pulumi.export("database", data.database.name)
    pulumi.export("modelsBucket", data.models.name)
    pulumi.export("iapAudience", app.audience)
    pulumi.export("imageDigests", containers.digests)


def _principals(config: Config, foundation: Foundation) -> Principals:
    return {
        **{workload: [account.member] for workload, account in foundation.accounts.items()},
        **{agent: [member] for agent, member in foundation.agents.items()},
        DESIGNERS: config.designers,
    }


def _stores(config: Config, foundation: Foundation, data: Data) -> Places:
    return {
        Resource.PROJECT: config.project,
        Resource.DATABASE: config.project,
        Resource.UPLOADS: data.uploads.name,
        Resource.MODELS: data.models.name,
        Resource.BASE_MODEL: base_model(config)[0] or data.models.name,
        Resource.PIPELINE: data.pipeline.name,
        Resource.PIPELINE_ROOT: data.pipeline_root.name,
        Resource.SOURCES: data.sources.name,
        Resource.JOBS: data.jobs.name,
        Resource.GENERATIONS: data.generations.name,
        Resource.BUDGET_ALERTS: data.budget_alerts.name,
        Resource.DEAD_LETTERS: data.dead_letters.name,
        Resource.DEAD_LETTER_INBOX: data.dead_letter_inbox.name,
        Resource.REGISTRY: foundation.repository.name,
        Resource.UPLOAD_ACCOUNT: foundation.accounts[Workload.UPLOAD].name,
        Resource.PIPELINE_ACCOUNT: foundation.accounts[Workload.PIPELINE].name,
        Resource.TRAINER_ACCOUNT: foundation.accounts[Workload.TRAINER].name,
        Resource.SERVING_ACCOUNT: foundation.accounts[Workload.SERVING].name,
    }


def _services(app: App, plumbing: Plumbing) -> Places:
    return {
        Resource.UPLOAD_SERVICE: app.upload.name,
        Resource.PORTAL_SERVICE: app.portal.name,
        Resource.PORTAL_SIGN_IN: app.portal.name,
        Resource.START_FUNCTION: plumbing.start.name,
        Resource.SWEEP_FUNCTION: plumbing.sweep.name,
        Resource.INTAKE_FUNCTION: plumbing.intake.name,
        Resource.START_SUBSCRIPTION: plumbing.push.name,
        Resource.GENERATIONS_SUBSCRIPTION: plumbing.generations_push.name,
        Resource.INTAKE_SUBSCRIPTION: plumbing.intake_push.name,
    }
