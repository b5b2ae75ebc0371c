"""Terraform without a network: a copy of the root, and the stand-in as its provider."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

REPOSITORY = Path(__file__).resolve().parents[2]
ROOT = REPOSITORY / "infra" / "terraform"
ENVIRONMENTS = ("staging", "prod")
FUNCTIONS = ("api", "enrich", "export", "extract", "sync", "validate")

HOW_TO_GET_IT = (
    "There is no `terraform` on the PATH: install version 1.11 or later "
    "(developer.hashicorp.com/terraform/install), or make check without tf-check."
)

_PROVIDER = "hashicorp/google"
_TIMEOUT_S = 180
# Named as `make package` names them; no value, only the form matters to a plan.
_PACKAGES = {
    name: f"build/packages/{name}-{index:064x}.zip"
    for index, name in enumerate(FUNCTIONS)
}
_SECRETS = {
    "api_key_pepper": "made-up-for-the-offline-check",
    "database_password_admin": "made-up-for-the-offline-check",
    "database_password_app": "made-up-for-the-offline-check",
}


class TerraformError(Exception):
    """Terraform said no; the text is what it printed."""


def find_terraform() -> str | None:
    return shutil.which("terraform")


class OfflineTerraform:
    """A place where Terraform runs without state, registry or cloud.

    The backend is left out (its bucket cannot be reached), and the provider is
    overridden by the stand-in, so that `terraform init` is not needed.
    """

    def __init__(self, root: Path = ROOT) -> None:
        self._root = root
        self._terraform = find_terraform()
        if self._terraform is None:
            raise TerraformError(HOW_TO_GET_IT)
        self._folder = tempfile.TemporaryDirectory(prefix="terraform-offline-")
        self._work = Path(self._folder.name)

    def __enter__(self) -> Self:
        shutil.copytree(
            self._root,
            self._copy,
            ignore=shutil.ignore_patterns(".terraform*", "backend.tf"),
        )
        self._write_provider()
        variables = {"packages": _PACKAGES, "secrets": _SECRETS}
        (self._copy / "offline.tfvars.json").write_text(json.dumps(variables))
        self.run("get", "-test-directory=tests")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._folder.cleanup()

    def run(self, *arguments: str) -> str:
        """Return what `terraform *arguments*` printed.

        Raises:
            TerraformError: It failed.
        """
        done = subprocess.run(
            [str(self._terraform), *arguments],
            cwd=self._copy,
            env=self._environment(),
            capture_output=True,
            text=True,
            timeout=_TIMEOUT_S,
            check=False,
        )
        if done.returncode:
            raise TerraformError(f"{done.stdout}{done.stderr}".strip())
        return done.stdout

    def plan(self, environment: str, *arguments: str) -> dict[str, Any]:
        """Return the plan of *environment*, in Terraform's JSON form."""
        file = self._work / f"{environment}.plan"
        self.run(
            "plan",
            "-input=false",
            "-lock=false",
            "-refresh=false",
            "-var-file=offline.tfvars.json",
            f"-var-file=environments/{environment}.tfvars",
            f"-out={file}",
            *arguments,
        )
        planned: dict[str, Any] = json.loads(self.run("show", "-json", str(file)))
        return planned

    @property
    def _copy(self) -> Path:
        return self._work / "root"

    def _write_provider(self) -> None:
        plugin = self._work / "plugin" / "terraform-provider-google"
        plugin.parent.mkdir()
        module = "scripts.terraform_provider"
        _write_program(plugin, [sys.executable, "-m", module])
        (self._work / "cli.tfrc").write_text(
            "provider_installation {\n"
            f'  dev_overrides {{ "{_PROVIDER}" = "{plugin.parent}" }}\n'
            "  direct {}\n"
            "}\n"
        )

    def _environment(self) -> dict[str, str]:
        kept = {name: v for name, v in os.environ.items() if not name.startswith("TF_")}
        return kept | {
            "CHECKPOINT_DISABLE": "1",
            "PYTHONPATH": str(REPOSITORY),
            "PYTHONWARNINGS": "ignore",
            "TF_CLI_CONFIG_FILE": str(self._work / "cli.tfrc"),
            "TF_IN_AUTOMATION": "1",
        }


def _write_program(path: Path, command: Sequence[str]) -> None:
    quoted = " ".join(f"'{part}'" for part in command)
    path.write_text(f'#!/bin/sh\nexec {quoted} "$@"\n')
    path.chmod(0o700)
