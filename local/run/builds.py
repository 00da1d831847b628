"""A function's build as far as access goes: its source is fetched, its image pushed and its log written by the build's account."""

from datetime import UTC, datetime
from pathlib import Path

from local.iam import needs, storage
from local.iam.needs import Guard, Need
from local.interfaces import BuildSpec
from local.layout import Layout, Project
from local.run.errors import BuildRefused
from local.run.records import write_whole


class Builds:
    def __init__(self, layout: Layout, project: Project, guard: Guard) -> None:
        self._layout, self._project, self._guard = layout, project, guard

    def run(self, name: str, build: BuildSpec) -> str:
        """Answers the last line of the log. Raises BuildRefused. What is built is the archive that the caller has already."""
        lines = [f"Fetching gs://{build.bucket}/{build.object}"]
        try:
            self._fetch(name, build)
            lines.append(f"Pushing to {build.repository or 'the repository of Cloud Functions'}")
            self._push(name, build)
            lines.append("DONE")
        except BuildRefused as refusal:
            lines.append(f"ERROR: {refusal.reason}")
            raise
        finally:
            kept = self._keep(name, build, lines)
        return kept

    def log(self, name: str) -> Path:
        return self._layout.folder("logs") / f"{name}-build.log"

    def _fetch(self, name: str, build: BuildSpec) -> None:
        need = storage.need(self._project, "storage.objects.get", build.bucket, build.object)
        if lacked := self._lacked(build, need):
            raise BuildRefused(name, storage.refusal(build.account, lacked))

    def _push(self, name: str, build: BuildSpec) -> None:
        need = Need("artifactregistry.repositories.uploadArtifacts", needs.registry(self._project, build.repository))
        if build.repository and self._lacked(build, need):
            why = f'denied: Permission "{need.permission}" denied on resource "{build.repository}" (or it may not exist)'
            raise BuildRefused(name, f"{build.account}: {why}")

    def _keep(self, name: str, build: BuildSpec, lines: list[str]) -> str:
        """A build goes on without a log, as at Google."""
        if self._lacked(build, needs.logging(self._project)):
            account = f"projects/{self._project.id}/serviceAccounts/{build.account}"
            fix = "To fix this, grant the Logs Writer (roles/logging.logWriter) role to the service account."
            lines = [f"The service account running this build {account} does not have permission to write logs to Cloud Logging. {fix}"]
        moment = datetime.now(UTC).isoformat(timespec="milliseconds")
        write_whole(self.log(name), "".join(f"{moment} {name}-build | {line}\n" for line in lines))
        return lines[-1]

    def _lacked(self, build: BuildSpec, need: Need) -> Need | None:
        return self._guard.refused(build.account, [need])
