"""Executes the notebook as a reader would, in a kernel of its own."""

import os
import tempfile
from pathlib import Path

import nbformat
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbformat import NotebookNode
from traitlets import default

ROOT = Path(__file__).parents[2]
NOTEBOOK = Path("pipelines/dreambooth.ipynb")
RUN = "run"
"""the tag of the first cell that needs a stack"""


def execute(until: str = "", root: Path = ROOT, timeout_s: float = 600, cloud: str = ".local") -> NotebookNode:
    """The notebook of the tree at `root` with its outputs, up to and without the cell tagged `until`; `timeout_s` is a cell's, `cloud` the
    folder of the stack that it uses.

    Raises nbclient.exceptions.CellExecutionError for the first cell that fails.
    """
    notebook = nbformat.read(root / NOTEBOOK, as_version=4)
    notebook.cells = notebook.cells[: _index(notebook, until)]
    for cell in notebook.cells:
        cell.source = cell.source.replace('CLOUD = Path(".local")', f"CLOUD = Path({cloud!r})")
    with tempfile.TemporaryDirectory() as home:
        environment = {**os.environ, "HOME": home, "IPYTHONDIR": f"{home}/.ipython"}
        place = {"metadata": {"path": str(root)}}
        NotebookClient(notebook, kernel_manager_class=OwnKernel, timeout=timeout_s, resources=place).execute(env=environment)
    return notebook


def _index(notebook: NotebookNode, tag: str) -> int:
    return next((number for number, cell in enumerate(notebook.cells) if tag in cell.metadata.get("tags", ())), len(notebook.cells))


class OwnKernel(AsyncKernelManager):
    """This very Python; the developer's folders of kernels are neither searched nor made."""

    @default("kernel_spec_manager")
    def _specs(self) -> KernelSpecManager:
        return KernelSpecManager(kernel_dirs=[])

    @default("transport_encryption")
    def _encryption(self) -> str:
        return "auto"
