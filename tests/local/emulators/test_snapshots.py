from pathlib import Path

from local.emulators.snapshots import Snapshots

DATABASE = "sd-local"


def test_half_an_export_is_never_restored(tmp_path: Path) -> None:
    snapshots = Snapshots(tmp_path)
    snapshots.add(DATABASE)
    whole, half = snapshots.fresh_name(), snapshots.fresh_name()
    (snapshots.place(DATABASE) / whole).mkdir(parents=True)
    snapshots.keep(DATABASE, whole)
    (snapshots.place(DATABASE) / half).mkdir()

    latest = Snapshots(tmp_path).latest(DATABASE)

    assert latest == tmp_path / DATABASE / whole / f"{whole}.overall_export_metadata"


def test_only_the_latest_export_is_kept(tmp_path: Path) -> None:
    snapshots = Snapshots(tmp_path)
    for name in ("one", "two"):
        (snapshots.place(DATABASE) / name).mkdir(parents=True)
        snapshots.keep(DATABASE, name)

    assert [path.name for path in snapshots.place(DATABASE).iterdir() if path.is_dir()] == ["two"]
