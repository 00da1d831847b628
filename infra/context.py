"""What a container image is built from: the files that its Dockerfile's ignore file lets in, as one archive."""

import hashlib
import io
import tarfile
from dataclasses import dataclass
from pathlib import Path

# the one reader of Docker's ignore files: what is built here and what is built in the cloud must see the same files
from local.run.ignore import IgnoreFile


@dataclass(frozen=True)
class Context:
    """`dockerfile` is relative to `root`."""

    root: Path
    dockerfile: Path

    def digest(self) -> str:
        """Of the archive: it changes with the content of the files, and not with their times or owners."""
        return hashlib.sha256(self.archive()).hexdigest()

    def archive(self) -> bytes:
        """A tar; it holds the Dockerfile and its ignore file too, which a build elsewhere needs and an ignore file may hide."""
        made = io.BytesIO()
        with tarfile.open(fileobj=made, mode="w", format=tarfile.PAX_FORMAT) as tar:
            for name in self.names():
                tar.addfile(*self._member(name))
        return made.getvalue()

    def names(self) -> list[str]:
        seen = IgnoreFile.of(self.root, self.root / self.dockerfile).files(self.root)
        recipe = [self.dockerfile, self.dockerfile.with_name(f"{self.dockerfile.name}.dockerignore")]
        return sorted({*seen, *(path.as_posix() for path in recipe if (self.root / path).is_file())})

    def _member(self, name: str) -> tuple[tarfile.TarInfo, io.BytesIO | None]:
        """A fresh TarInfo belongs to root and was last changed in 1970."""
        path, member = self.root / name, tarfile.TarInfo(name)
        if path.is_symlink():
            member.type, member.linkname = tarfile.SYMTYPE, str(path.readlink())
            return member, None
        content = path.read_bytes()
        member.size = len(content)
        member.mode = 0o755 if path.stat().st_mode & 0o100 else 0o644
        return member, io.BytesIO(content)
