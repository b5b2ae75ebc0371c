"""Zips the staged deploy units, each named by the hash of what is in it.

The same sources give the same bytes, so that Terraform deploys what changed alone.
"""

from __future__ import annotations

import hashlib
import json
import sys
import zipfile
from pathlib import Path

from scripts.stage import BUILD, ROOT

PACKAGES = ROOT / "build" / "packages"

_EPOCH = (1980, 1, 1, 0, 0, 0)
_HASH_LENGTH = 16


def package(name: str) -> Path:
    """Zip `build/functions/<name>` and return the archive."""
    folder = BUILD / name
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    digest = hashlib.sha256()
    for path in files:
        digest.update(path.relative_to(folder).as_posix().encode() + b"\0")
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    PACKAGES.mkdir(parents=True, exist_ok=True)
    archive = PACKAGES / f"{name}-{digest.hexdigest()[:_HASH_LENGTH]}.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as stream:
        for path in files:
            entry = zipfile.ZipInfo(path.relative_to(folder).as_posix(), _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            stream.writestr(entry, path.read_bytes())
    return archive


def main() -> int:
    archives = {name: package(name) for name in sys.argv[1:]}
    for archive in archives.values():
        size_bytes = archive.stat().st_size
        print(f"package: {archive.relative_to(ROOT)} ({size_bytes:,} bytes)")
    listed = {name: str(archive) for name, archive in archives.items()}
    (PACKAGES / "packages.tfvars.json").write_text(
        json.dumps({"packages": listed}, indent=2) + "\n"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
