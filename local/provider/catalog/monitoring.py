"""Cloud Monitoring: channels, dashboards, uptime checks and services, which are records."""

import json
from typing import Any

from local.provider import refusals
from local.provider.limits import alerting
from local.provider.limits import monitoring as limits
from local.provider.names import number, token
from local.provider.schema import (
    FILLED,
    FIXED,
    FREE,
    REQUIRED,
    SECRET,
    at_least_one,
    block,
    blocks,
    deletion_policy,
    exactly_one,
    flag,
    integer,
    mapping,
    needs,
    text,
    texts,
)
from local.provider.types import Type

_PLACES = ("USA", "EUROPE", "SOUTH_AMERICA", "ASIA_PACIFIC", "USA_OREGON", "USA_IOWA", "USA_VIRGINIA")


def _parsed(value: Any) -> Any:
    """Two texts of one JSON value are the same dashboard."""
    return json.loads(value)


def _not_json(value: str) -> str:
    """a JSON object"""
    try:
        return "" if isinstance(json.loads(value), dict) else "must be a JSON object"
    except json.JSONDecodeError as error:
        return f"must be JSON: {error}"


TYPES = (
    Type(
        "gcp:monitoring/notificationChannel:NotificationChannel",
        id="{name}",
        properties={
            "deletionPolicy": deletion_policy(),
            "description": text(),
            "displayName": text(),
            "enabled": flag(default=True),
            "forceDelete": flag(default=False),
            "labels": mapping(),
            "project": text(FIXED | FILLED),
            "sensitiveLabels": block(
                {
                    "authToken": text(SECRET),
                    "authTokenWo": text(SECRET),
                    "authTokenWoVersion": text(),
                    "password": text(SECRET),
                    "passwordWo": text(SECRET),
                    "passwordWoVersion": text(),
                    "serviceKey": text(SECRET),
                    "serviceKeyWo": text(SECRET),
                    "serviceKeyWoVersion": text(),
                },
                FREE,
                exactly_one("authToken", "authTokenWo", "password", "passwordWo", "serviceKey", "serviceKeyWo"),
                needs("authTokenWo", "authTokenWoVersion"),
                needs("authTokenWoVersion", "authTokenWo"),
                needs("passwordWo", "passwordWoVersion"),
                needs("passwordWoVersion", "passwordWo"),
                needs("serviceKeyWo", "serviceKeyWoVersion"),
                needs("serviceKeyWoVersion", "serviceKeyWo"),
            ),
            "type": text(REQUIRED),
            "userLabels": mapping(refuses=refusals.labels),
        },
        made={"_id": number, "verificationStatus": str},
        outputs={"name": "projects/{project}/notificationChannels/{_id}"},
        checks=alerting.channel,
    ),
    Type(
        "gcp:monitoring/dashboard:Dashboard",
        id="projects/{number}/dashboards/{_id}",
        properties={
            "dashboardJson": text(REQUIRED, refuses=_not_json, form=_parsed),
            "deletionPolicy": deletion_policy(),
            "project": text(FIXED | FILLED),
        },
        made={"_id": token},
        checks=limits.dashboard,
    ),
    Type(
        "gcp:monitoring/uptimeCheckConfig:UptimeCheckConfig",
        id="{name}",
        properties={
            "checkerType": text(FIXED | FILLED, "STATIC_IP_CHECKERS", "VPC_CHECKERS"),
            "contentMatchers": blocks(
                {
                    "content": text(REQUIRED, refuses=refusals.at_most(1024, "bytes")),
                    "jsonPathMatcher": block(
                        {"jsonMatcher": text(FREE, "EXACT_MATCH", "REGEX_MATCH", default="EXACT_MATCH"), "jsonPath": text(REQUIRED)}
                    ),
                    "matcher": text(
                        FREE,
                        "CONTAINS_STRING",
                        "NOT_CONTAINS_STRING",
                        "MATCHES_REGEX",
                        "NOT_MATCHES_REGEX",
                        "MATCHES_JSON_PATH",
                        "NOT_MATCHES_JSON_PATH",
                        default="CONTAINS_STRING",
                    ),
                }
            ),
            "deletionPolicy": deletion_policy(),
            "displayName": text(REQUIRED),
            "httpCheck": block(
                {
                    "acceptedResponseStatusCodes": blocks(
                        {
                            "statusClass": text(
                                FREE,
                                "STATUS_CLASS_1XX",
                                "STATUS_CLASS_2XX",
                                "STATUS_CLASS_3XX",
                                "STATUS_CLASS_4XX",
                                "STATUS_CLASS_5XX",
                                "STATUS_CLASS_ANY",
                            ),
                            "statusValue": integer(between=(100, 599)),
                        }
                    ),
                    "authInfo": block(
                        {"password": text(SECRET), "passwordWo": text(SECRET), "passwordWoVersion": text(), "username": text(REQUIRED)},
                        FREE,
                        exactly_one("password", "passwordWo"),
                        needs("passwordWo", "passwordWoVersion"),
                        needs("passwordWoVersion", "passwordWo"),
                    ),
                    "body": text(refuses=refusals.base64_text),
                    "contentType": text(FREE, "TYPE_UNSPECIFIED", "URL_ENCODED", "USER_PROVIDED"),
                    "customContentType": text(),
                    "headers": mapping(FILLED),
                    "maskHeaders": flag(),
                    "path": text(default="/"),
                    "pingConfig": block({"pingsCount": integer(REQUIRED, between=(1, 3))}),
                    "port": integer(FILLED, between=(1, 65_535)),
                    "requestMethod": text(FIXED, "METHOD_UNSPECIFIED", "GET", "POST", default="GET"),
                    "serviceAgentAuthentication": block(
                        {"type": text(FREE, "SERVICE_AGENT_AUTHENTICATION_TYPE_UNSPECIFIED", "OIDC_TOKEN")}
                    ),
                    "useSsl": flag(),
                    "validateSsl": flag(),
                },
                FREE,
                at_least_one("authInfo", "headers", "maskHeaders", "path", "port", "useSsl"),
            ),
            "logCheckFailures": flag(),
            "monitoredResource": block({"labels": mapping(REQUIRED | FIXED), "type": text(REQUIRED | FIXED)}, FIXED),
            "period": text(default="300s"),
            "project": text(FIXED | FILLED),
            "resourceGroup": block(
                {"groupId": text(FIXED), "resourceType": text(FIXED, "RESOURCE_TYPE_UNSPECIFIED", "INSTANCE", "AWS_ELB_LOAD_BALANCER")},
                FIXED,
                at_least_one("groupId", "resourceType"),
            ),
            "selectedRegions": texts(FREE, *_PLACES),
            "syntheticMonitor": block({"cloudFunctionV2": block({"name": text(REQUIRED | FIXED)}, REQUIRED | FIXED)}, FIXED),
            "tcpCheck": block(
                {"pingConfig": block({"pingsCount": integer(REQUIRED, between=(1, 3))}), "port": integer(REQUIRED, between=(1, 65_535))}
            ),
            "timeout": text(REQUIRED, refuses=refusals.duration(1, 60)),
            "userLabels": mapping(refuses=refusals.labels),
        },
        groups=(exactly_one("monitoredResource", "resourceGroup", "syntheticMonitor"),),
        made={"uptimeCheckId": token},
        outputs={"name": "projects/{project}/uptimeCheckConfigs/{uptimeCheckId}"},
        checks=limits.uptime,
    ),
    Type(
        "gcp:monitoring/customService:CustomService",
        id="{name}",
        properties={
            "deletionPolicy": deletion_policy(),
            "displayName": text(),
            "project": text(FIXED | FILLED),
            "serviceId": text(FIXED | FILLED, pattern=r"^[a-zA-Z0-9\-_:.]+$"),
            "telemetry": block({"resourceName": text()}),
            "userLabels": mapping(refuses=refusals.labels),
        },
        made={"serviceId": token},
        outputs={"name": "projects/{project}/services/{serviceId}"},
    ),
)
