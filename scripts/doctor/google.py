"""Google's REST interfaces, asked under the caller's own credentials."""

import json
from collections.abc import Mapping
from typing import Any, Self

import google.auth
import requests
from google.auth.exceptions import DefaultCredentialsError, GoogleAuthError
from google.auth.transport.requests import AuthorizedSession, Request
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

Json = dict[str, Any]
_SCOPES = ("https://www.googleapis.com/auth/cloud-platform",)
_TIMEOUT_S = 20.0
_RETRY = Retry(total=2, backoff_factor=0.5, status_forcelist=(429, 500, 502, 503), allowed_methods=None, raise_on_status=False)
_LOGIN = "gcloud auth application-default login"
# who may read there and no more
_READERS = {
    "cloudquotas.googleapis.com": "roles/cloudquotas.viewer",
    "cloudresourcemanager.googleapis.com": "roles/browser",
    "orgpolicy.googleapis.com": "roles/orgpolicy.policyViewer",
    "serviceusage.googleapis.com": "roles/serviceusage.serviceUsageViewer",
    "storage.googleapis.com": "roles/storage.objectViewer",
}


class Unanswered(Exception):
    """Google said no, or nothing. `fix` is what to do before asking again."""

    def __init__(self, text: str, fix: str, status: int = 0) -> None:
        super().__init__(text)
        self.fix, self.status = fix, status


class NoCredentials(Exception):
    fix = _LOGIN


class Google:
    """`caller` is an IAM member, or "" where the credentials do not tell."""

    def __init__(self, session: requests.Session, project: str, caller: str = "") -> None:
        self._session, self._project, self.caller = session, project, caller

    @classmethod
    def sign_in(cls, project: str) -> Self:
        """With Application Default Credentials, as Pulumi's provider does. Raises NoCredentials."""
        try:
            credentials, _ = google.auth.default(scopes=_SCOPES, quota_project_id=project)
            credentials.refresh(Request())
        except DefaultCredentialsError as error:
            raise NoCredentials("there are no Application Default Credentials on this machine") from error
        except GoogleAuthError as error:
            raise NoCredentials(f"the Application Default Credentials are not accepted: {error.args[0]}") from error
        session = AuthorizedSession(credentials)
        session.mount("https://", HTTPAdapter(max_retries=_RETRY))
        return cls(session, project, _member(credentials, session))

    def get(self, url: str, **query: Any) -> Json:
        return self._ask("GET", url, params=query)

    def post(self, url: str, body: Mapping[str, Any]) -> Json:
        return self._ask("POST", url, json=body)

    def _ask(self, method: str, url: str, **more: Any) -> Json:
        """Raises Unanswered."""
        try:
            answer = self._session.request(method, f"https://{url}", timeout=_TIMEOUT_S, **more)
        except (requests.RequestException, GoogleAuthError) as error:
            host = url.partition("/")[0]
            raise Unanswered(f"{host} did not answer ({type(error).__name__})", f"curl -sS https://{host}") from error
        if answer.ok:
            found: Json = answer.json()
            return found
        raise self._refusal(url, answer)

    def _refusal(self, url: str, answer: requests.Response) -> Unanswered:
        error, host = _error(answer), url.partition("/")[0]
        reasons = {detail.get("reason"): detail.get("metadata", {}) for detail in error.get("details", [])}
        if "SERVICE_DISABLED" in reasons:
            api = reasons["SERVICE_DISABLED"].get("service", host)
            return Unanswered(f"{api} is switched off and cannot be asked", f"gcloud services enable {api} --project={self._project}", 403)
        role = "roles/serviceusage.serviceUsageConsumer" if "USER_PROJECT_DENIED" in reasons else _READERS.get(host, "roles/viewer")
        said = " ".join(str(error.get("message", answer.reason)).split())
        return Unanswered(f"{host} answers {answer.status_code}: {said}", grant(self._project, self.caller, role), answer.status_code)


def grant(project: str, member: str, role: str) -> str:
    return f"gcloud projects add-iam-policy-binding {project} --member={member or 'MEMBER'} --role={role} --condition=None"


def _error(answer: requests.Response) -> Json:
    try:
        error: Json = answer.json()["error"]
    except (json.JSONDecodeError, KeyError, TypeError):
        return {}
    return error if isinstance(error, dict) else {"message": str(error)}


def _member(credentials: Any, session: requests.Session) -> str:
    """Service accounts know their name; a person's token has to be asked for it."""
    if email := getattr(credentials, "service_account_email", None):
        return f"serviceAccount:{email}"
    try:
        answer = session.post("https://oauth2.googleapis.com/tokeninfo", data={"access_token": credentials.token}, timeout=_TIMEOUT_S)
    except requests.RequestException:
        # whether Google answers at all is the checks' to say
        return ""
    email = answer.json().get("email") if answer.ok else None
    return f"user:{email}" if email else ""
