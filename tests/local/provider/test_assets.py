import io
import os
import zipfile
from pathlib import Path

import pytest

from local.provider.assets import content, with_hashes
from local.provider.errors import Refused
from local.provider.wire import Archive, Asset, Secret

# Made with Go's archive/tar, as Pulumi's engine hashes an archive.
GO_HASH = "72837c42dad47ab590b30e7db4b2a49bd379f1e861e561dae5d988e246f586ea"
MEMBERS = {
    "a.txt": "hello",
    "dir/b.py": "x=1\n",
    "ünï/dü.txt": "z",
    "long/" + "a" * 118 + "/b.txt": "q",
    "d/" * 60 + "e.txt": "w" * 513,
    "n" * 130: "",
}


def _archive() -> Archive:
    return Archive({}, {name: Asset({"text": text}) for name, text in MEMBERS.items()})


def test_an_archives_hash_is_the_one_of_pulumis_engine(tmp_path: Path) -> None:
    assert with_hashes(_archive(), tmp_path).digest == GO_HASH


def test_a_folder_and_its_files_one_by_one_have_the_same_hash(tmp_path: Path) -> None:
    (tmp_path / "app" / "sub").mkdir(parents=True)
    (tmp_path / "app" / "main.py").write_text("1")
    (tmp_path / "app" / "sub" / "b.py").write_text("2")
    (tmp_path / "app" / ".pulumi").mkdir()
    (tmp_path / "app" / ".pulumi" / "state").write_text("3")

    folder = with_hashes(Archive({"path": "app"}), tmp_path)
    listed = with_hashes(Archive({}, {"main.py": Asset({"path": "app/main.py"}), "sub/b.py": Asset({"path": "app/sub/b.py"})}), tmp_path)

    assert folder.digest == listed.digest


def test_the_zip_of_an_archive_does_not_depend_on_times(tmp_path: Path) -> None:
    file = tmp_path / "main.py"
    file.write_text("1")
    archive = Archive({}, {"main.py": Asset({"path": "main.py"})})

    before = content(archive, tmp_path)
    os.utime(file, (0, 0))

    assert content(archive, tmp_path) == before
    assert zipfile.ZipFile(io.BytesIO(before)).read("main.py") == b"1"


def test_an_asset_that_names_its_hash_is_left_alone(tmp_path: Path) -> None:
    elided = Asset({"hash": "abc"})

    assert with_hashes({"source": Secret([elided])}, tmp_path) == {"source": Secret([elided])}


def test_an_asset_that_lies_elsewhere_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="URI"):
        content(Asset({"uri": "https://a.example/a"}), tmp_path)
