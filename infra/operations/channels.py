"""Whom alerts reach."""

import pulumi
import pulumi_gcp as gcp

from infra.component import Component, labels
from infra.config import Config
from infra.foundation import Foundation


class Channels(Component):
    """One e-mail channel per operator. Without operators alerts still open incidents, which nobody is told of."""

    def __init__(self, name: str, config: Config, foundation: Foundation, opts: pulumi.ResourceOptions) -> None:
        super().__init__(name, after=foundation.apis, opts=opts)
        self.names: list[pulumi.Output[str]] = [
            gcp.monitoring.NotificationChannel(
                f"operator-{number}",
                type="email",
                display_name=f"sd {config.stack}: {operator}",
                labels={"email_address": operator},
                user_labels=labels(config),
                opts=self.child(),
            ).name
            for number, operator in enumerate(config.operators)
        ]
        self.register_outputs({})
