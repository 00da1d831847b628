"""Erasure: everything of the caller, and the receipts."""

from typing import Any

from apiflask import APIBlueprint

from services.upload import erasing, wire
from services.upload.parts import caller, is_id, the
from services.upload.problems import Problem

api = APIBlueprint("erasures", __name__, url_prefix="/v1")


@api.delete("/me/data")
@api.output(wire.ReceiptList, status_code=202)
@api.doc(operation_id="deleteMyData", summary="Erase all of the caller's jobs and what is kept beside them; nothing may be under way")
def delete_my_data() -> Any:
    erasures = erasing.erase_everything(the(), caller().id)
    return wire.ReceiptList(receipts=[erasing.receipt(erasure) for erasure in erasures])


@api.get("/receipts/<receipt_id>")
@api.output(wire.Receipt)
@api.doc(operation_id="readReceipt", summary="What an erasure removed so far, and what stays for a while")
def read_receipt(receipt_id: str) -> Any:
    erasure = the().erasures.get(receipt_id) if is_id(receipt_id) else None
    if erasure is None or erasure.owner != caller().id:
        raise Problem("not-found", "There is no such receipt.")
    return erasing.receipt(erasure)
