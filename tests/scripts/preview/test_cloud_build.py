"""Images that Cloud Build would build, on paper: named by what they are built from, as Docker's are."""

import re

from scripts.preview.broken import Broken
from scripts.preview.evaluate import Evaluated
from scripts.preview.look import StackPreview, look
from scripts.preview.report import report
from scripts.preview.sections import images
from tests.scripts.preview.repository import Repository
from tests.scripts.preview.sections.graphs import texts

REGISTRY = "us-docker.pkg.dev/team/demo"
BUILDS = f"""
    build = thing("command:local:Command", "portal-build", None, {{"stdout": None, "logging": "stderr",
                  "create": ".venv/bin/python -m scripts.cloud_build --dockerfile portal/Dockerfile --image {REGISTRY}/portal --bucket b"}})
    Service("portal", template={{"containers": [{{"image": build.stdout}}]}})
"""
IMAGE = f"""
    thing("docker:index/image:Image", "portal-image", None, {{"imageName": "{REGISTRY}/portal", "repoDigest": None,
          "build": {{"context": ".", "dockerfile": "portal/Dockerfile"}}}})
"""


def committed(repository: Repository, body: str) -> None:
    repository.write("portal/Dockerfile", "FROM scratch\nCOPY portal .\n")
    repository.write("portal/Dockerfile.dockerignore", "*\n!portal\n")
    repository.write("portal/app.js", "1\n")
    repository.commit(body)


def image_of(found: StackPreview) -> str:
    head = found.evaluation.head
    assert isinstance(head, Evaluated), head
    (service,) = (node for node in head.graph.values() if node.name == "portal")
    return str(service.inputs["template"]["containers"][0]["image"])


def test_it_is_named_by_the_digest_that_docker_would_have_there_too(repository: Repository) -> None:
    committed(repository, BUILDS + IMAGE)

    found = repository.preview(base=None)

    assert isinstance(found.evaluation.head, Evaluated)
    (docker,) = (node.outputs["repoDigest"] for node in found.evaluation.head.graph.values() if node.name == "portal-image")
    assert re.fullmatch(rf"{REGISTRY}/portal@sha256:[0-9a-f]{{64}}", image_of(found))
    assert image_of(found) == docker


def test_it_changes_with_its_own_files_and_no_others(repository: Repository) -> None:
    committed(repository, BUILDS)
    before = image_of(repository.preview(base=None))

    repository.write("README.md", "Not in it.\n")
    same = image_of(repository.preview(base=None))
    repository.write("portal/app.js", "2\n")
    said = report(look(repository.folder, "main", ["dev"]), sections=[images.section]).sections["dev"][0]

    assert before == same
    (text,) = texts(said)
    assert text.startswith("Image `portal` is built anew (used by `portal`): `portal/app.js` changed (")


def test_a_recipe_that_is_not_there_is_refused_as_the_build_would_refuse_it(repository: Repository) -> None:
    repository.commit(BUILDS)

    found = repository.preview(base=None).evaluation.head

    assert isinstance(found, Broken)
    assert "there is no Dockerfile at" in found.text
