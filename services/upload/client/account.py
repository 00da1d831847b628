"""The caller: what they may do, what is called when a job ends, and what they want gone."""

import time

from services.upload import wire
from services.upload.client.calls import Calls

_EVERY_S = 2.0


class Account:
    _calls: Calls

    def me(self) -> wire.Me:
        return self._calls.read(wire.Me, "GET", "/v1/me")

    def config(self) -> wire.Config:
        return self._calls.read(wire.Config, "GET", "/v1/config")

    def webhook(self) -> wire.Webhook:
        return self._calls.read(wire.Webhook, "GET", "/v1/me/webhook")

    def call(self, url: str) -> wire.Webhook:
        """When a job of the caller's is ready or has failed. Only this answer has the secret by which the calls are signed."""
        return self._calls.read(wire.Webhook, "PUT", "/v1/me/webhook", wire.NewWebhook(url=url))

    def call_nobody(self) -> None:
        self._calls.send("DELETE", "/v1/me/webhook")

    def delete_everything(self) -> list[wire.Receipt]:
        return self._calls.read(wire.ReceiptList, "DELETE", "/v1/me/data").receipts

    def receipt(self, receipt_id: str) -> wire.Receipt:
        return self._calls.read(wire.Receipt, "GET", f"/v1/receipts/{receipt_id}")

    def erased(self, receipt_id: str, timeout_s: float = 600.0, every_s: float = _EVERY_S) -> wire.Receipt:
        """The receipt once all is gone. Raises TimeoutError."""
        end = time.monotonic() + timeout_s
        while (receipt := self.receipt(receipt_id)).state != "done":
            if time.monotonic() + every_s > end:
                raise TimeoutError(f"receipt {receipt_id} is not complete after {timeout_s} s; what it names so far is gone")
            time.sleep(every_s)
        return receipt
