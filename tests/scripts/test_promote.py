import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import requests
import yaml

from scripts.promote import CannotPromote, digests_of, promote, registry_of
from scripts.registry import Copier, Reference, RegistryError
from tests.scripts.registry_server import Registry

REPOSITORY = Path(__file__).parents[2]
DEV, PROD = "my-dev/sd-dev", "my-prod/sd-prod"
LAYERS = (b"base" * 1000, b"app")
STACK_FILE = """\
# production
config:
  gcp:project: my-prod
  gcp:region: europe-west4
  sd-for-designers:designers:
    - group:designers@example.com   # all of them
  sd-for-designers:protectData: true
"""


@pytest.fixture
def registry() -> Iterator[Callable[..., Registry]]:
    started: list[Registry] = []

    def start(*repositories: str) -> Registry:
        started.append(Registry(*repositories))
        return started[-1]

    yield start
    for each in started:
        each.stop()


@pytest.fixture
def dev(registry: Callable[..., Registry]) -> Registry:
    return registry(DEV)


@pytest.fixture
def prod(registry: Callable[..., Registry]) -> Registry:
    return registry(PROD)


@pytest.fixture
def copier() -> Iterator[Copier]:
    with requests.Session() as session:
        yield Copier(session, lambda text: None)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "Pulumi.prod.yaml"
    path.write_text(STACK_FILE)
    return path


def reference(registry: Registry, digest: str, name: str = "portal", repository: str = DEV) -> str:
    return f"{registry.host}/{repository}/{name}@{digest}"


def test_the_image_arrives_whole_under_its_own_digest_with_a_tag_that_keeps_it(
    dev: Registry, prod: Registry, copier: Copier, file: Path
) -> None:
    digest = dev.push(f"{DEV}/portal", *LAYERS)

    promote({"portal": reference(dev, digest)}, f"{prod.host}/{PROD}", file, copier)

    arrived = {name: content for (_, name), content in prod.manifests.items()}
    assert arrived == dict.fromkeys((digest, f"promoted-{digest[7:23]}"), dev.manifests[f"{DEV}/portal", digest])
    assert set(prod.blobs.values()) == set(dev.blobs.values())


def test_an_image_of_several_platforms_arrives_with_all_of_them(dev: Registry, prod: Registry, copier: Copier, file: Path) -> None:
    parts = [dev.push(f"{DEV}/portal", layer) for layer in LAYERS]
    index = dev.push_index(f"{DEV}/portal", *parts)

    promote({"portal": reference(dev, index)}, f"{prod.host}/{PROD}", file, copier)

    assert {name for _, name in prod.manifests} >= {index, *parts}


def test_what_is_there_is_not_sent_again(dev: Registry, prod: Registry, copier: Copier, file: Path) -> None:
    images = {"portal": reference(dev, dev.push(f"{DEV}/portal", *LAYERS))}
    promote(images, f"{prod.host}/{PROD}", file, copier)
    prod.log.clear()

    difference = promote(images, f"{prod.host}/{PROD}", file, copier)

    assert difference == ""
    assert not [call for call in prod.log if "uploads" in call]


def test_the_file_names_the_copies_and_keeps_every_other_line(dev: Registry, prod: Registry, copier: Copier, file: Path) -> None:
    digests = {name: dev.push(f"{DEV}/{name}", name.encode()) for name in ("portal", "upload")}

    difference = promote({name: reference(dev, digest, name) for name, digest in digests.items()}, f"{prod.host}/{PROD}", file, copier)

    config = yaml.safe_load(file.read_text())["config"]
    assert file.read_text().startswith(STACK_FILE)
    assert config["sd-for-designers:images"] == "prebuilt"
    assert config["sd-for-designers:imageDigests"] == {name: reference(prod, digest, name, PROD) for name, digest in digests.items()}
    assert "+  sd-for-designers:images: prebuilt\n" in difference


def test_a_later_promotion_changes_the_digests_alone(dev: Registry, prod: Registry, copier: Copier, file: Path) -> None:
    old, new = (dev.push(f"{DEV}/portal", layer) for layer in LAYERS)
    promote({"portal": reference(dev, old)}, f"{prod.host}/{PROD}", file, copier)

    difference = promote({"portal": reference(dev, new)}, f"{prod.host}/{PROD}", file, copier)

    changed = [line for line in difference.splitlines() if line[0] in "+-" and line[:3] not in ("+++", "---")]
    assert changed == [f"{sign}    portal: {reference(prod, digest, repository=PROD)}" for sign, digest in (("-", old), ("+", new))]


def test_a_registry_that_is_not_there_is_named_and_the_file_stays(dev: Registry, prod: Registry, copier: Copier, file: Path) -> None:
    digest = dev.push(f"{DEV}/portal", *LAYERS)

    with pytest.raises(RegistryError, match=r"my-prod/sd-other/portal.*404.*NAME_UNKNOWN"):
        promote({"portal": reference(dev, digest)}, f"{prod.host}/my-prod/sd-other", file, copier)

    assert file.read_text() == STACK_FILE


def test_bytes_that_are_not_what_their_digest_says_are_not_passed_on(dev: Registry, prod: Registry, copier: Copier, file: Path) -> None:
    digest = dev.push(f"{DEV}/portal", *LAYERS)
    dev.blobs = {key: content[:-1] + b"!" for key, content in dev.blobs.items()}

    with pytest.raises(RegistryError, match="nothing of it was kept"):
        promote({"portal": reference(dev, digest)}, f"{prod.host}/{PROD}", file, copier)

    assert prod.blobs == {}


def test_an_image_by_tag_is_refused(copier: Copier, file: Path) -> None:
    with pytest.raises(RegistryError, match="is no image by digest"):
        promote({"portal": "registry.example/sd-dev/portal:latest"}, "registry.example/sd-prod", file, copier)


def test_a_copy_is_named_after_the_stack_that_runs_it() -> None:
    source = Reference.parse("us-central1-docker.pkg.dev/my-dev/sd-dev/portal@sha256:1")

    assert (
        str(source.within("europe-west4-docker.pkg.dev/my-prod/sd-prod")) == "europe-west4-docker.pkg.dev/my-prod/sd-prod/portal@sha256:1"
    )
    assert source.url("blobs/x") == "https://us-central1-docker.pkg.dev/v2/my-dev/sd-dev/portal/blobs/x"


def test_a_stacks_registry_follows_from_its_file(file: Path) -> None:
    assert registry_of("prod", file) == "europe-west4-docker.pkg.dev/my-prod/sd-prod"


def test_what_a_stack_runs_is_read_from_its_state(tmp_path: Path) -> None:
    digests = {"portal": "registry.example/sd-dev/portal@sha256:1"}
    _state(tmp_path, {"imageDigests": digests})

    assert digests_of("dev", tmp_path) == digests


def test_a_stack_that_tells_no_digests_is_refused(tmp_path: Path) -> None:
    _state(tmp_path, {"portal": "https://portal.example"})

    with pytest.raises(CannotPromote, match="stack dev has no output imageDigests"):
        digests_of("dev", tmp_path)


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (("--from", "local", "--to", "prod"), "in no registry"),
        (("--from", "dev", "--to", "nowhere"), "Pulumi.nowhere.yaml is not there"),
    ],
)
def test_what_cannot_be_promoted_is_said_without_a_traceback(options: tuple[str, ...], reason: str) -> None:
    done = subprocess.run([sys.executable, "-m", "scripts.promote", *options], capture_output=True, text=True, check=False, cwd=REPOSITORY)

    assert done.returncode == 1
    assert done.stderr.startswith("error: ")
    assert reason in done.stderr
    assert "Traceback" not in done.stderr


def _state(root: Path, outputs: dict[str, object]) -> None:
    """As the embedded engine writes it."""
    urn = "urn:pulumi:dev::sd-for-designers::pulumi:pulumi:Stack::sd-for-designers-dev"
    stack = {"urn": urn, "custom": False, "type": "pulumi:pulumi:Stack", "outputs": outputs}
    document = {"version": 3, "deployment": {"manifest": {}, "resources": [stack]}}
    source = root / "import.json"
    source.write_text(json.dumps(document))
    command = [sys.executable, "-m", "local.engine", "import", "--stack", "dev", "--root", str(root), "--file", str(source)]
    subprocess.run(command, check=True, cwd=REPOSITORY, env={**os.environ, "PULUMI_CONFIG_PASSPHRASE": "x"})
