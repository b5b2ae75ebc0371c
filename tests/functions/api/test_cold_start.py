"""A new instance answers soon: light imports, and clients only when they are needed."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

_MEASURE = """
import json, resource, sys
def cpu_s():
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime
before = cpu_s()
{statements}
print(json.dumps({{"cpu_s": cpu_s() - before, "loaded": sorted(sys.modules)}}))
"""
_FRAMEWORKS = """
import functions_framework.aio, pg8000, prometheus_client, pydantic_settings
import sqlalchemy.dialects.postgresql, sqlalchemy, starlette.applications, structlog
"""
_FIRST_ANSWER = """
import asyncio
import functions.api.main as main
from starlette.requests import Request
async def ask(path):
    scope = {"type": "http", "method": "GET", "path": path, "headers": [],
             "query_string": b"", "path_params": {}, "scheme": "http",
             "server": ("api", 80), "root_path": "", "http_version": "1.1"}
    async def receive():
        return {"type": "http.request", "body": b"", "more_body": False}
    async def send(message):
        if message["type"] == "http.response.start":
            assert message["status"] == STATUS, message
    answer = await main.api(Request(scope, receive))
    await answer(scope, receive, send)
asyncio.run(ask(PATH))
"""


def measured(statements: str, **environment: str):
    told = subprocess.run(
        [sys.executable, "-c", _MEASURE.format(statements=statements)],
        check=True,
        capture_output=True,
        text=True,
        env={"PATH": "", "PYTHONPATH": ".", **environment},
    )
    return json.loads(told.stdout.splitlines()[-1])


@pytest.fixture
def first_answer(database):
    def measure(path: str):
        statements = _FIRST_ANSWER.replace("PATH", repr(path)).replace("STATUS", "200")
        return measured(
            statements,
            LINERNOTES_DATABASE_URL=database.url_app,
            LINERNOTES_API_KEY_PEPPER="x",
        )

    return measure


def test_the_first_answer_loads_neither_audio_libraries_nor_cloud_clients(first_answer):
    loaded = set(first_answer("/health")["loaded"])

    assert loaded & {"librosa", "numba", "scipy", "mutagen", "lxml", "numpy"} == set()
    assert loaded & {"google.cloud.storage", "google.cloud.firestore", "grpc"} == set()


def test_the_first_answer_costs_little_more_than_its_frameworks(first_answer):
    # A ratio within one run, since the machine's own speed is not our doing.
    frameworks = min(measured(_FRAMEWORKS)["cpu_s"] for _ in range(2))

    ours = min(first_answer("/health")["cpu_s"] for _ in range(2))

    assert ours < 2 * frameworks
