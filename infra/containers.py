"""The container images, each named by the digest of what stands in the registry."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pulumi
import pulumi_command as command
import pulumi_docker as docker

from infra.access import Workload
from infra.component import Component
from infra.config import Config, Images
from infra.context import Context
from infra.data import Data
from infra.foundation import Foundation

PLATFORM = "linux/amd64"
# where each image's Dockerfile is; the context of all of them is the repository's root
FOLDERS: Mapping[str, str] = {
    "portal": "frontend",
    "upload": "services/upload",
    "pipeline": "images/pipeline",
    "trainer": "images/trainer",
}


class ContainerImage(Component):
    """One image, made as the stack's key `images` says; deployed by `digest`, never by a tag."""

    def __init__(
        self,
        name: str,
        config: Config,
        foundation: Foundation,
        data: Data,
        after: Sequence[pulumi.Resource],
        opts: pulumi.ResourceOptions,
    ) -> None:
        super().__init__(f"{name}-container", after=after, opts=opts)
        self._name, self._dockerfile = name, f"{FOLDERS[name]}/Dockerfile"
        self._config, self._foundation, self._data = config, foundation, data
        modes = {Images.DOCKER: self._docker, Images.CLOUD_BUILD: self._cloud_build, Images.PREBUILT: self._prebuilt}
        self.digest: pulumi.Output[str] = modes[config.images]()
        self.register_outputs({"digest": self.digest})

    def _docker(self) -> pulumi.Output[str]:
        """By the Docker of who runs Pulumi."""
        image = docker.Image(
            f"{self._name}-image",
            image_name=self._repository(),
            build=docker.DockerBuildArgs(context=".", dockerfile=self._dockerfile, platform=PLATFORM),
            opts=self.child(),
        )
        digest: pulumi.Output[str] = image.repo_digest
        return digest

    def _cloud_build(self) -> pulumi.Output[str]:
        """By Cloud Build, under the stack's build account. An unchanged context runs nothing: it is the trigger."""
        build = command.local.Command(
            f"{self._name}-build",
            # the virtual environment by its relative path: an absolute one would differ from laptop to laptop, and build anew on each
            create=pulumi.Output.format(
                ".venv/bin/python -m scripts.cloud_build"
                " --dockerfile {0} --image {1} --bucket {2} --account {3} --project {4} --region {5}",
                self._dockerfile,
                self._repository(),
                self._data.sources.name,
                self._foundation.email(Workload.BUILD),
                self._config.project,
                self._config.region,
            ),
            triggers=[Context(Path(), Path(self._dockerfile)).digest()],
            logging=command.local.Logging.STDERR,
            opts=self.child(),
        )
        digest: pulumi.Output[str] = build.stdout.apply(str.strip)
        return digest

    def _prebuilt(self) -> pulumi.Output[str]:
        """By another stack: `make promote` has written its digest into this one's file."""
        return pulumi.Output.from_input(self._config.image_digests[self._name])

    def _repository(self) -> pulumi.Output[str]:
        return pulumi.Output.concat(self._foundation.registry, "/", self._name)


class Containers(Component):
    """`granted`: the bindings that a build in the cloud waits for, since it reads and pushes as the build account."""

    def __init__(self, name: str, config: Config, foundation: Foundation, data: Data, granted: Sequence[pulumi.Resource] = ()) -> None:
        super().__init__(name)
        waits_for = [foundation.repository, *(granted if config.images is Images.CLOUD_BUILD else ())]
        self.digests = {
            image: ContainerImage(image, config, foundation, data, after=waits_for, opts=self.child()).digest for image in FOLDERS
        }
        self.portal, self.upload, self.pipeline, self.trainer = (self.digests[image] for image in FOLDERS)
        self.register_outputs({})
