"""A server in a process of its own, on free ports."""

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

_ANNOUNCED = re.compile(r"firestore on (\S+), web on (\S+)\n")


@dataclass
class Server:
    """A running server: *address* speaks gRPC, *web_address* HTTP."""

    process: subprocess.Popen[str]
    address: str
    web_address: str

    @property
    def web_port(self) -> int:
        return int(self.web_address.rpartition(":")[2])

    def kill(self) -> None:
        """End the server as a crash would."""
        self.process.kill()
        self.process.wait()


@contextmanager
def server(data: Path | None = None, port: int = 0) -> Iterator[Server]:
    command = [sys.executable, "-m", "infra.local.firestore", f"--port={port}"]
    command += ["--web-port=0", *([f"--data={data}"] if data else [])]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            announced = _ANNOUNCED.fullmatch(process.stdout.readline())
            assert announced, "the server did not start"
            yield Server(process, *announced.groups())
        finally:
            process.terminate()
