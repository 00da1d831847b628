"""How much may be spent. The stack's topic hears of it several times a day, and the function behind it stops new jobs."""

from collections.abc import Sequence

import pulumi
import pulumi_gcp as gcp

from infra.component import Component
from infra.config import Config
from infra.data import Data
from infra.foundation import Foundation

# share of the budget, and whether it is spent or foreseen
THRESHOLDS = ((0.5, "CURRENT_SPEND"), (0.9, "CURRENT_SPEND"), (1.0, "CURRENT_SPEND"), (1.0, "FORECASTED_SPEND"))
_MOST_CHANNELS = 5


class Budget(Component):
    """Of the whole project: what training costs does not carry a stack's label everywhere."""

    def __init__(
        self,
        name: str,
        config: Config,
        foundation: Foundation,
        data: Data,
        channels: Sequence[pulumi.Output[str]],
        opts: pulumi.ResourceOptions,
    ) -> None:
        super().__init__(name, after=foundation.apis, opts=opts)
        gcp.billing.Budget(
            "month",
            billing_account=config.billing_account,
            display_name=f"sd-for-designers {config.stack}",
            amount={"specified_amount": {"units": str(config.monthly_budget)}},
            budget_filter={"projects": [f"projects/{config.project_number}"], "calendar_period": "MONTH"},
            threshold_rules=[{"threshold_percent": share, "spend_basis": basis} for share, basis in THRESHOLDS],
            all_updates_rule={
                "pubsub_topic": data.budget_alerts.id,
                "monitoring_notification_channels": list(channels[:_MOST_CHANNELS]),
                "schema_version": "1.0",
            },
            opts=self.child(),
        )
        self.register_outputs({})
