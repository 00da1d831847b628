"""The notebook as a newcomer runs it, on the stack that is up."""

from tests.e2e.conftest import JOB_S, ROOT, System
from tests.pipelines.notebook import execute


def test_the_notebook_starts_a_run_and_follows_it_to_its_end(system: System) -> None:
    notebook = execute(timeout_s=JOB_S, cloud=str(ROOT))

    printed = "".join(output.get("text", "") for cell in notebook.cells for output in cell.get("outputs", ()))
    assert "PIPELINE_STATE_SUCCEEDED" in printed
    shown = [output for cell in notebook.cells[-1:] for output in cell.outputs if "image/png" in output.get("data", {})]
    assert len(shown) == 2
