from pathlib import Path
from xml.etree import ElementTree

import nbformat
import pytest
from nbclient.exceptions import CellExecutionError

from tests.pipelines.notebook import NOTEBOOK, ROOT, RUN, execute


@pytest.fixture
def quiet_tree(tmp_path: Path) -> Path:
    """This tree without its state folder: nothing runs there, whatever the developer has up."""
    for entry in ROOT.iterdir():
        if entry.name not in {".git", ".local"}:
            (tmp_path / entry.name).symlink_to(entry)
    return tmp_path


def test_it_compiles_and_draws_without_any_stack() -> None:
    executed = execute(until=RUN)
    compiled, drawn = [cell for cell in executed.cells if cell.cell_type == "code"][-2:]
    picture = ElementTree.fromstring(drawn.outputs[0].data["image/svg+xml"])

    assert "images.pipeline.evaluate" in compiled.outputs[0].text
    assert [text.text for text in picture.iter("{http://www.w3.org/2000/svg}text")] == ["Deploy", "Evaluate", "Register", "Train", "Report"]


def test_where_no_stack_is_up_it_stops_with_a_sentence(quiet_tree: Path) -> None:
    with pytest.raises(CellExecutionError, match=r"No stack is up on this laptop\. Type `make up`"):
        execute(root=quiet_tree)


def test_it_is_committed_without_outputs() -> None:
    cells = nbformat.read(ROOT / NOTEBOOK, as_version=4).cells

    assert [cell.id for cell in cells if cell.cell_type == "code" and (cell.outputs or cell.execution_count)] == []


def test_it_holds_no_copy_of_the_pipeline() -> None:
    source = "\n".join(cell.source for cell in nbformat.read(ROOT / NOTEBOOK, as_version=4).cells if cell.cell_type == "code")

    assert "from pipelines.compile import template" in source
    assert [word for word in ("def ", "class ", "dsl.", "images.pipeline") if word in source] == []
