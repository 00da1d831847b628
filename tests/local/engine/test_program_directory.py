from pathlib import Path

import grpc

from local.engine.provider import Provider
from local.provider.server import serve

IMAGE = "urn:pulumi:test::project::docker:index/image:Image::portal"


async def test_relative_paths_start_at_the_program_wherever_the_provider_runs(tmp_path: Path) -> None:
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "Dockerfile").write_text("FROM scratch\n")
    server, port = await serve(None)
    async with grpc.aio.insecure_channel(f"127.0.0.1:{port}") as channel:
        provider = Provider(channel, "docker")
        await provider.attach("127.0.0.1:1", tmp_path)
        await provider.configure("urn:pulumi:test::project::pulumi:providers:docker::default", "id", {})

        image = {"imageName": "eu-docker.pkg.dev/a/b/portal", "build": {"context": "app"}}
        checked = await provider.check(IMAGE, {}, image, b"")

    await server.stop(None)
    assert checked["build"]["contextDigest"]
