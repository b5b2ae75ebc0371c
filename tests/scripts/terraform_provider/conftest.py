from collections.abc import Callable
from pathlib import Path

import pytest

from scripts.terraform_provider.offline import (
    HOW_TO_GET_IT,
    OfflineTerraform,
    TerraformError,
    find_terraform,
)

VERSIONS = """
terraform {
  required_providers {
    google = { source = "hashicorp/google" }
  }
}
"""


@pytest.fixture
def refusal(tmp_path: Path) -> Callable[..., str]:
    """Return what Terraform says against a configuration; empty if nothing."""
    if find_terraform() is None:
        pytest.skip(HOW_TO_GET_IT)

    def run(configuration: str, *arguments: str) -> str:
        root = tmp_path / "root"
        root.mkdir()
        (root / "main.tf").write_text(VERSIONS + configuration)
        with OfflineTerraform(root) as terraform:
            try:
                terraform.run(*arguments, "-no-color")
            except TerraformError as exc:
                return " ".join(str(exc).split())
        return ""

    return run
