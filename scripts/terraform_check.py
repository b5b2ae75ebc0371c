"""Checks `infra/terraform` without a network: fmt, validate, plan and test.

Wrong or missing arguments, types, references, values that the provider does not know,
and keys that cannot be known before an apply are found; rights, quotas and conflicts
between arguments are not: those only the real provider can tell.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial

from scripts.terraform_provider.offline import (
    ENVIRONMENTS,
    HOW_TO_GET_IT,
    ROOT,
    OfflineTerraform,
    TerraformError,
    find_terraform,
)


def main() -> int:
    if find_terraform() is None:
        print(HOW_TO_GET_IT, file=sys.stderr)
        return 1
    try:
        _check()
    except TerraformError as exc:
        print(exc, file=sys.stderr)
        return 1
    return 0


def _check() -> None:
    _timed("fmt", _check_format)
    with OfflineTerraform() as terraform:
        _timed("validate", partial(_validate, terraform))
        for environment in ENVIRONMENTS:
            _timed(f"plan {environment}", partial(_plan, terraform, environment))
        _timed("test", partial(_test, terraform))


def _timed(step: str, check: Callable[[], str]) -> None:
    started = time.monotonic()
    result = check()
    print(f"{step:<14} {time.monotonic() - started:5.1f} s  {result}", flush=True)


def _check_format() -> str:
    done = subprocess.run(
        ["terraform", "fmt", "-check", "-recursive", "-diff", str(ROOT)],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise TerraformError(f"{done.stdout}{done.stderr}\nRun `terraform fmt`.")
    return "formatted"


def _validate(terraform: OfflineTerraform) -> str:
    terraform.run("validate", "-no-color")
    return "valid"


def _plan(terraform: OfflineTerraform, environment: str) -> str:
    changes = terraform.plan(environment, "-no-color")["resource_changes"]
    return f"{len(changes)} resources"


def _test(terraform: OfflineTerraform) -> str:
    return terraform.run("test", "-no-color").strip().splitlines()[-1]


if __name__ == "__main__":
    sys.exit(main())
