"""Where a designer's own tools are told of jobs that end."""

from typing import Any

from apiflask import APIBlueprint

from jobs.account import Webhook
from jobs.webhooks import NotCallable, addresses, new_secret
from services.upload import wire
from services.upload.parts import caller, the
from services.upload.problems import Problem

api = APIBlueprint("webhooks", __name__, url_prefix="/v1/me/webhook")


@api.put("")
@api.input(wire.NewWebhook, location="json", arg_name="asked")
@api.output(wire.Webhook)
@api.doc(operation_id="putWebhook", summary="Call this address when a job is ready or has failed; each call here makes a new secret")
def put_webhook(asked: wire.NewWebhook) -> Any:
    try:
        addresses(asked.url, the().settings.private_webhooks)
    except NotCallable as error:
        raise Problem("webhook-refused", str(error)) from error
    webhook = Webhook(caller().id, asked.url, new_secret())
    the().webhooks.put(webhook)
    return wire.Webhook(url=webhook.url, created=webhook.created, secret=webhook.secret)


@api.get("")
@api.output(wire.Webhook)
@api.doc(operation_id="readWebhook", summary="The address that is called; its secret is not told again")
def read_webhook() -> Any:
    webhook = the().webhooks.of(caller().id)
    if webhook is None:
        raise Problem("not-found", "No address is called. Put one.")
    return wire.Webhook(url=webhook.url, created=webhook.created)


@api.delete("")
@api.output({}, status_code=204)
@api.doc(operation_id="deleteWebhook", summary="Call nobody")
def delete_webhook() -> Any:
    the().webhooks.remove(caller().id)
    return ""
