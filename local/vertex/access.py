"""IAM before every method: both transports ask here, with the request as the method will see it."""

from local.iam import vertex
from local.iam.apis import UnknownMethod
from local.iam.denials import Denial
from local.iam.needs import EVERYBODY, Guard
from local.interfaces import Json
from local.layout import Project
from local.vertex.errors import ApiError, Code, PermissionDenied
from local.vertex.methods import Method

PRINCIPAL = "x-local-principal"


class Access:
    def __init__(self, project: Project, guard: Guard = EVERYBODY) -> None:
        self._project, self._guard = project, guard

    def check(self, principal: str | None, method: Method, request: Json) -> None:
        """`principal` None: a program of this machine, which did not come by the gateway. Raises PermissionDenied."""
        try:
            needs = vertex.needs(self._project, method.name, method.subject(request), request)
        except UnknownMethod as error:
            raise ApiError(Code.PERMISSION_DENIED, f"The local cloud does not know which permissions {error} asks for.") from error
        lacked = self._guard.refused(principal, needs)
        if lacked:
            raise PermissionDenied(Denial(vertex.words(lacked), lacked))
