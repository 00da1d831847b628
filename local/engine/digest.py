"""A run as one JSON document: what a program compares, or a golden file holds."""

from local.engine import urns
from local.engine.display import readable
from local.engine.resource import Json, Resource
from local.engine.session import Session


def of(session: Session) -> Json:
    deployment, display = session.deployment, session.deployment.display
    return {
        "stack": session.options.stack,
        "project": session.project.name,
        "command": session.options.command,
        "config": {
            key: "[secret]" if key in deployment.config.secret_keys else value for key, value in sorted(deployment.config.values.items())
        },
        "steps": sorted(display.steps, key=lambda step: str(step["urn"])),
        "resources": [_resource(resource) for _, resource in sorted(deployment.news.items())],
        "outputs": display.outputs(),
        "changeSummary": display.change_summary(),
        "diagnostics": display.diagnostics,
        "failed": sorted(deployment.failed),
        "seconds": round(display.seconds(), 3),
    }


def _resource(resource: Resource) -> Json:
    provider, _ = urns.split_reference(resource.provider)
    fields: Json = {
        "urn": resource.urn,
        "type": resource.type,
        "custom": resource.custom,
        # a provider's says nothing: it is drawn by lot
        "id": "" if urns.is_provider(resource.type) else resource.id,
        "inputs": {key: readable(value) for key, value in sorted(resource.inputs.items())},
        "outputs": {key: readable(value) for key, value in sorted(resource.outputs.items())},
        "parent": resource.parent,
        "provider": provider,
        "dependencies": resource.dependencies,
        "propertyDependencies": resource.property_dependencies,
        "protect": resource.protect,
        "retainOnDelete": resource.retain_on_delete,
        "deletedWith": resource.deleted_with,
        "ignoreChanges": resource.ignore_changes,
        "replaceOnChanges": resource.replace_on_changes,
        "aliases": resource.aliases,
        "additionalSecretOutputs": resource.additional_secret_outputs,
        "customTimeouts": resource.custom_timeouts,
        "sourcePosition": resource.source_position,
    }
    return {key: value for key, value in fields.items() if value or key in ("urn", "type", "custom", "inputs")}
