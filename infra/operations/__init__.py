"""How the stack is watched: what is measured, who is told and when, what it may cost."""

from infra.app import App
from infra.component import Component
from infra.config import Config
from infra.data import Data
from infra.foundation import Foundation
from infra.operations.alerts import Alerts
from infra.operations.budget import Budget
from infra.operations.channels import Channels
from infra.operations.dashboard import Dashboard
from infra.operations.objective import Objective
from infra.operations.signals import Metrics


class Operations(Component):
    def __init__(self, name: str, config: Config, foundation: Foundation, data: Data, app: App) -> None:
        super().__init__(name, after=foundation.apis)
        channels = Channels("channels", config, foundation, opts=self.child()).names
        Metrics("metrics", config, foundation, opts=self.child())
        objective = Objective("objective", config, foundation, app, opts=self.child())
        Alerts("alerts", config, foundation, channels, objective.alerts, opts=self.child())
        Dashboard("dashboard", config, foundation, opts=self.child())
        if config.billing_account:
            Budget("budget", config, foundation, data, channels, opts=self.child())
        self.register_outputs({})
