"""The container images, each named by the digest of what was pushed."""

import pulumi
import pulumi_docker as docker

from infra.component import Component
from infra.foundation import Foundation

PLATFORM = "linux/amd64"


class ContainerImage(Component):
    """One image, built from the repository's root with the Dockerfile of `folder`; deployed by `digest`, never by a tag."""

    def __init__(self, name: str, folder: str, registry: pulumi.Input[str], opts: pulumi.ResourceOptions) -> None:
        super().__init__(f"{name}-container", opts=opts)
        image = docker.Image(
            f"{name}-image",
            image_name=pulumi.Output.concat(registry, "/", name),
            build=docker.DockerBuildArgs(context=".", dockerfile=f"{folder}/Dockerfile", platform=PLATFORM),
            opts=self.child(),
        )
        self.digest: pulumi.Output[str] = image.repo_digest
        self.register_outputs({"digest": self.digest})


class Containers(Component):
    def __init__(self, name: str, foundation: Foundation) -> None:
        super().__init__(name, after=[foundation.repository])
        self.portal = self._image("portal", "frontend", foundation)
        self.upload = self._image("upload", "services/upload", foundation)
        self.pipeline = self._image("pipeline", "images/pipeline", foundation)
        self.trainer = self._image("trainer", "images/trainer", foundation)
        self.register_outputs({})

    def _image(self, name: str, folder: str, foundation: Foundation) -> pulumi.Output[str]:
        return ContainerImage(name, folder, foundation.registry, opts=self.child()).digest
