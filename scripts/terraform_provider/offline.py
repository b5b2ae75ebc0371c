"""Terraform without a network: a copy of the root, and the stand-in as its provider."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Self

from infra.local.topology import FUNCTIONS

from .server import ProviderServer

REPOSITORY = Path(__file__).resolve().parents[2]
ROOT = REPOSITORY / "infra" / "terraform"
ENVIRONMENTS = ("staging", "prod")

HOW_TO_GET_IT = (
    "There is no `terraform` on the PATH: install version 1.11 or later "
    "(developer.hashicorp.com/terraform/install), or make check without tf-check."
)

_TIMEOUT_S = 180
# Named as `make package` names them; no value, only the form matters to a plan.
_PACKAGES = {
    function.name: f"build/packages/{function.name}-{index:064x}.zip"
    for index, function in enumerate(FUNCTIONS)
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

    The backend is left out, since its bucket cannot be reached, and Terraform
    attaches to the stand-in as its provider, so that `terraform init` is not needed.
    """

    def __init__(self, root: Path = ROOT) -> None:
        self._root = root
        self._terraform = find_terraform()
        if self._terraform is None:
            raise TerraformError(HOW_TO_GET_IT)
        self._open = ExitStack()

    def __enter__(self) -> Self:
        with ExitStack() as opening:
            self._provider = opening.enter_context(ProviderServer())
            folder = tempfile.TemporaryDirectory(prefix="terraform-offline-")
            self._work = Path(opening.enter_context(folder))
            self._copy_root()
            self.run("get", "-test-directory=tests")
            self._open = opening.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

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

    def _copy_root(self) -> None:
        shutil.copytree(
            self._root,
            self._copy,
            ignore=shutil.ignore_patterns(".terraform*", "backend.tf"),
        )
        variables = json.dumps({"packages": _PACKAGES, "secrets": _SECRETS})
        (self._copy / "offline.tfvars.json").write_text(variables)

    def _environment(self) -> dict[str, str]:
        kept = {name: v for name, v in os.environ.items() if not name.startswith("TF_")}
        return kept | {
            "CHECKPOINT_DISABLE": "1",
            # A developer's own configuration must not matter here.
            "TF_CLI_CONFIG_FILE": os.devnull,
            "TF_IN_AUTOMATION": "1",
            **self._provider.environment,
        }
