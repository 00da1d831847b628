"""Changes of this repository's program such as pull requests bring, each as replacements of text that is there."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Edit:
    """The first `old` of the file becomes `new`; an empty `old` is the file's end."""

    file: str
    old: str
    new: str

    def apply(self, folder: Path) -> None:
        """Fails where the text is gone: the test would otherwise go on about a change that is none."""
        path = folder / self.file
        text = path.read_text() if path.exists() else ""
        assert self.old in text, f"{self.file} has {self.old!r} no more: mend the patch in {Path(__file__).name}"
        path.write_text(text.replace(self.old, self.new, 1) if self.old else text + self.new)


@dataclass(frozen=True)
class Patch:
    """`before` is what BASE has that this repository does not."""

    title: str
    edits: tuple[Edit, ...] = ()
    before: tuple[Edit, ...] = ()
    gone: tuple[str, ...] = ()
    stacks: tuple[str, ...] = ("prod",)


_COMPONENT = "super().__init__(name, after=foundation.apis)\n        self._config, self._key = config, foundation.key"
_FIRST_GRANT = "GRANTS: tuple[Grant, ...] = (\n"
_STEP = '            _prepare(steps["deploy"](job_id=job_id, attempt=attempt, model=model), environment, "Deploy")\n'

_STAGING = """config:
  gcp:project: my-team-sd-staging
  gcp:region: europe-west4
  sd-for-designers:projectNumber: "300000000004"
  sd-for-designers:designers:
    - group:designers@example.com
  sd-for-designers:baseModel: gs://my-team-sd-models/stable-diffusion-v1-5
  sd-for-designers:images: cloud-build
"""

PATCHES: Mapping[str, Patch] = {
    "no-change": Patch("Nothing", stacks=("local", "dev", "prod")),
    "component-renamed": Patch(
        "A component gets another name",
        (Edit("infra/stack.py", 'Data("data", config', 'Data("store", config'),),
        stacks=("local", "prod"),
    ),
    "component-renamed-with-alias": Patch(
        "A component gets another name, and an alias for its former one",
        (
            Edit("infra/stack.py", 'Data("data", config', 'Data("store", config'),
            Edit(
                "infra/data.py",
                _COMPONENT,
                _COMPONENT.replace(
                    "foundation.apis)", 'foundation.apis, opts=pulumi.ResourceOptions(aliases=[pulumi.Alias(name="data")]))'
                ),
            ),
        ),
    ),
    "bucket-renamed": Patch(
        "A bucket is called otherwise in the program",
        (
            Edit(
                "infra/data.py",
                "return gcp.storage.Bucket(\n            role,",
                'return gcp.storage.Bucket(\n            f"{role}-bucket",',
            ),
        ),
        stacks=("dev",),
    ),
    "bucket-renamed-with-alias": Patch(
        "A bucket is called otherwise in the program, and has an alias for its former name",
        (
            Edit(
                "infra/data.py",
                "return gcp.storage.Bucket(\n            role,",
                'return gcp.storage.Bucket(\n            f"{role}-bucket",',
            ),
            Edit(
                "infra/data.py",
                "opts=self.child(protect=self._config.protect_data),",
                "opts=self.child(protect=self._config.protect_data, aliases=[pulumi.Alias(name=role)]),",
            ),
        ),
        stacks=("dev",),
    ),
    "bucket-location": Patch(
        "Buckets move to another location",
        (Edit("infra/data.py", "location=self._config.region,\n            labels", 'location="EU",\n            labels'),),
        stacks=("local", "dev", "prod"),
    ),
    "new-grant": Patch(
        "The trainer may remove pictures",
        (
            Edit(
                "infra/access.py",
                _FIRST_GRANT,
                _FIRST_GRANT + '    Grant(_W.TRAINER, "remove pictures it has seen", "storage.objects.delete", _WRITE, _R.UPLOADS),\n',
            ),
        ),
    ),
    "wider-role": Patch(
        "A role that reads becomes one that writes",
        (
            Edit(
                "infra/access.py",
                'Grant(_W.START, "read the compiled pipeline", "storage.objects.get", _READ, _R.PIPELINE)',
                'Grant(_W.START, "read the compiled pipeline", "storage.objects.get", "roles/storage.admin", _R.PIPELINE)',
            ),
        ),
    ),
    "public-invoker": Patch(
        "Everybody may call the upload service",
        (
            Edit(
                "infra/access.py",
                _FIRST_GRANT,
                _FIRST_GRANT + '    Grant("everybody", "call the upload service", "run.routes.invoke", _INVOKE, _R.UPLOAD_SERVICE),\n',
            ),
            Edit("infra/stack.py", "DESIGNERS: config.designers,", 'DESIGNERS: config.designers,\n        "everybody": ["allUsers"],'),
        ),
    ),
    "bigger-gpu": Patch(
        "Training gets an A100",
        (
            Edit(
                "Pulumi.prod.yaml",
                "",
                "  sd-for-designers:trainingMachine: a2-highgpu-1g\n  sd-for-designers:trainingAccelerator: NVIDIA_TESLA_A100\n",
            ),
        ),
    ),
    "pipeline-step": Patch(
        "The pipeline gets one more step",
        (
            Edit(
                "pipelines/dreambooth.py",
                _STEP,
                _STEP.replace("_prepare", "deploy = _prepare")
                + '            model = deploy.outputs["output"]\n'
                + '            _prepare(steps["announce"](job_id=job_id, attempt=attempt, model=model), environment, "Announce")\n',
            ),
            Edit(
                "pipelines/dreambooth.py",
                "    @dsl.container_component\n    def report(",
                "    @dsl.container_component\n    def announce(job_id: str, attempt: int, model: str):\n"
                '        return container("announce", "--job-id", job_id, "--attempt", attempt, "--model", model)\n\n'
                "    @dsl.container_component\n    def report(",
            ),
            Edit("pipelines/dreambooth.py", '"deploy": deploy, ', '"deploy": deploy, "announce": announce, '),
            Edit("images/pipeline/announce.py", "", '"""Say that a model draws."""\n'),
        ),
    ),
    "trainer-source": Patch("The trainer's code changes", (Edit("images/trainer/train.py", "", "\n_PATIENCE = 3\n"),)),
    "image-base": Patch(
        "An image gets another base",
        (
            Edit(
                "images/trainer/Dockerfile",
                "FROM python:3.11.16-slim-bookworm@sha256:528257d48c1da0dcecc2e725d1ae34498d60c965f1241e39cd6a85a8859bdf84",
                "FROM python:3.12.9-slim-bookworm@sha256:48a11b7ba705fd53bf15248d1f94d36c39549903c5d59edcfa2f3f84126e7b44",
            ),
        ),
    ),
    "firestore-index": Patch(
        "One more index",
        (
            Edit(
                "infra/data.py",
                '    "uploads-of-job": (',
                '    "jobs-in-state": ("jobs", ("state",), "created", "ASCENDING"),\n    "uploads-of-job": (',
            ),
        ),
    ),
    "dead-letter-removed": Patch(
        "Subscriptions lose their dead letters",
        (
            Edit(
                "infra/plumbing.py",
                '            dead_letter_policy={"dead_letter_topic": self._data.dead_letters.id, "max_delivery_attempts": 10},\n',
                "",
            ),
        ),
    ),
    "config-key": Patch(
        "One more key of the configuration",
        (
            Edit("infra/config.py", "    api_wait: str\n", "    api_wait: str\n    max_instances: int\n"),
            Edit(
                "Pulumi.yaml",
                "",
                "  maxInstances:\n    type: integer\n    default: 20\n    description: How many instances a service may have\n",
            ),
            Edit("infra/app.py", '"max_instance_count": 5', '"max_instance_count": self._config.max_instances'),
        ),
        stacks=("dev", "prod"),
    ),
    # A new lock would do the same, and take the minute that its environment takes: the SDK says of itself that it is newer.
    "provider-upgrade": Patch(
        "Another version of the provider",
        (Edit("__main__.py", "build()", 'from pulumi_gcp import _utilities\n\n_utilities.get_version = lambda: "10.3.0"\nbuild()'),),
    ),
    "label": Patch(
        "One more label",
        (Edit("infra/component.py", '"stack": config.stack}', '"stack": config.stack, "team": "design"}'),),
    ),
    "database-deleted": Patch(
        "The database is left to somebody else",
        (
            Edit(
                "infra/data.py",
                '        return gcp.firestore.Database(\n            "documents",',
                '        return gcp.firestore.Database(\n            "archive",',
            ),
            Edit(
                "infra/data.py",
                'name=f"sd-{self._config.stack}",\n            location_id',
                'name=f"sd-{self._config.stack}-archive",\n            location_id',
            ),
        ),
        stacks=("local", "prod"),
    ),
    "protect-removed": Patch(
        "Buckets lose their protection",
        (
            Edit(
                "infra/data.py",
                "            force_destroy=not self._config.protect_data,\n            opts=self.child(protect=self._config.protect_data),",
                "            force_destroy=True,\n            opts=self.child(),",
            ),
        ),
    ),
    "broken-program": Patch(
        "A name that is not there",
        (Edit("infra/app.py", "memory=UPLOAD_MEMORY", "memory=_MEMORY"),),
        stacks=("dev", "prod"),
    ),
    "config-refused": Patch(
        "A machine that takes no such accelerator, in no region",
        (
            Edit("Pulumi.prod.yaml", "", "  sd-for-designers:trainingMachine: a2-highgpu-1g\n"),
            Edit("Pulumi.prod.yaml", "  gcp:region: us-central1", "  gcp:region: us"),
        ),
        stacks=("dev", "prod"),
    ),
    "base-broken": Patch(
        "A program is mended",
        before=(Edit("infra/app.py", "import pulumi\n", "import pulumi\nimport infra.lost\n"),),
        edits=(Edit("infra/app.py", "import infra.lost\n", ""),),
    ),
    "first-time": Patch("A stack that is new", (Edit("Pulumi.staging.yaml", "", _STAGING),), stacks=("staging",)),
    "stack-gone": Patch("A stack whose file is deleted", gone=("Pulumi.prod.yaml",)),
}
