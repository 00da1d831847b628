"""Budgets, which are records: nothing is billed here."""

from local.provider import refusals
from local.provider.limits import billing as limits
from local.provider.names import token
from local.provider.schema import (
    FILLED,
    FIXED,
    FREE,
    REQUIRED,
    at_least_one,
    block,
    blocks,
    deletion_policy,
    exactly_one,
    flag,
    integer,
    mapping,
    number,
    text,
    text_set,
    texts,
)
from local.provider.types import Type

TYPES = (
    Type(
        "gcp:billing/budget:Budget",
        id="billingAccounts/{billingAccount}/budgets/{name}",
        properties={
            "allUpdatesRule": block(
                {
                    "disableDefaultIamRecipients": flag(default=False),
                    "enableProjectLevelRecipients": flag(default=False),
                    "monitoringNotificationChannels": texts(items=(0, 5), refuses=refusals.channel_path),
                    "pubsubTopic": text(refuses=refusals.topic_path),
                    "schemaVersion": text(default="1.0"),
                },
                FREE,
                at_least_one("monitoringNotificationChannels", "pubsubTopic"),
            ),
            "amount": block(
                {
                    "lastPeriodAmount": flag(),
                    "specifiedAmount": block(
                        {
                            "currencyCode": text(FILLED, refuses=refusals.currency),
                            "nanos": integer(),
                            "units": text(refuses=refusals.number),
                        }
                    ),
                },
                REQUIRED,
                exactly_one("lastPeriodAmount", "specifiedAmount"),
            ),
            "billingAccount": text(REQUIRED | FIXED, refuses=refusals.billing_account),
            "budgetFilter": block(
                {
                    "calendarPeriod": text(FREE, "MONTH", "QUARTER", "YEAR", "CALENDAR_PERIOD_UNSPECIFIED"),
                    "creditTypes": texts(),
                    "creditTypesTreatment": text(
                        FREE, "INCLUDE_ALL_CREDITS", "EXCLUDE_ALL_CREDITS", "INCLUDE_SPECIFIED_CREDITS", default="INCLUDE_ALL_CREDITS"
                    ),
                    "customPeriod": block(
                        {
                            "endDate": block(
                                {
                                    "day": integer(REQUIRED, between=(1, 31)),
                                    "month": integer(REQUIRED, between=(1, 12)),
                                    "year": integer(REQUIRED, between=(1, 9999)),
                                }
                            ),
                            "startDate": block(
                                {
                                    "day": integer(REQUIRED, between=(1, 31)),
                                    "month": integer(REQUIRED, between=(1, 12)),
                                    "year": integer(REQUIRED, between=(1, 9999)),
                                },
                                REQUIRED,
                            ),
                        }
                    ),
                    "labels": mapping(FILLED),
                    "projects": text_set(),
                    "resourceAncestors": text_set(),
                    "services": texts(FILLED),
                    "subaccounts": texts(),
                },
                FILLED,
                at_least_one(
                    "calendarPeriod",
                    "creditTypesTreatment",
                    "customPeriod",
                    "labels",
                    "projects",
                    "resourceAncestors",
                    "services",
                    "subaccounts",
                ),
            ),
            "deletionPolicy": deletion_policy(),
            "displayName": text(length=(0, 60)),
            "ownershipScope": text(FREE, "OWNERSHIP_SCOPE_UNSPECIFIED", "ALL_USERS", "BILLING_ACCOUNT"),
            "thresholdRules": blocks(
                {
                    "spendBasis": text(FREE, "CURRENT_SPEND", "FORECASTED_SPEND", default="CURRENT_SPEND"),
                    "thresholdPercent": number(REQUIRED),
                }
            ),
        },
        made={"name": token},
        checks=limits.check,
    ),
)
