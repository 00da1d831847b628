"""The service's client: for programs, and with `python -m services.upload.client` for a terminal. It runs on people's machines; the
container leaves it out."""

from services.upload.client.account import Account
from services.upload.client.calls import Calls, Failed, Patience, Token
from services.upload.client.fetching import Damaged
from services.upload.client.jobs import Jobs
from services.upload.client.models import Models, NotAwake, NotDrawn
from services.upload.client.sending import PicturesRefused, Progress, announce, pictures_in
from services.upload.client.tokens import NoToken, TokenCommand

__all__ = [
    "Client",
    "Damaged",
    "Failed",
    "NoToken",
    "NotAwake",
    "NotDrawn",
    "Patience",
    "PicturesRefused",
    "Progress",
    "TokenCommand",
    "announce",
    "pictures_in",
]


class Client(Jobs, Models, Account):
    """All that the API offers; each call raises Failed where the service says no, requests.RequestException where nobody answers.

    `token` answers an identity token that lets the caller through to `base_url`; it is asked before each request.
    """

    def __init__(self, base_url: str, token: Token, patience: Patience | None = None) -> None:
        self._calls = Calls(base_url, token, patience)
        self._seen = {}
