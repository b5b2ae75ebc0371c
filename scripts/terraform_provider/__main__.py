"""Serves the stand-in until it is interrupted, for Terraform commands by hand.

python -m scripts.terraform_provider
# then, in infra/terraform, with what it printed:
terraform validate
"""

from __future__ import annotations

import shlex
from contextlib import suppress

from .server import ProviderServer


def main() -> None:
    with ProviderServer() as server, suppress(KeyboardInterrupt):
        for name, value in server.environment.items():
            print(f"export {name}={shlex.quote(value)}", flush=True)
        server.wait()


if __name__ == "__main__":
    main()
