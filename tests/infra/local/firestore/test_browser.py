import asyncio
import base64
import functools
import http.server
import json
import shutil
import subprocess
import threading
from contextlib import contextmanager
from pathlib import Path

import aiohttp
import pytest

_HERE = Path(__file__).parent / "browser"
_CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
_ESBUILD = _HERE / "node_modules" / ".bin" / "esbuild"
# Without these a headless browser looks for Google's hosts at every start.
_QUIET = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--window-size=900,420",
]

pytestmark = [
    pytest.mark.skipif(_CHROMIUM is None, reason="no chromium: apt install chromium"),
    pytest.mark.skipif(
        not _ESBUILD.exists(), reason="no node_modules: `make test-browser` makes them"
    ),
]


class _Silent(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *args):
        pass


@contextmanager
def _site(folder):
    handler = functools.partial(_Silent, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as site:
        threading.Thread(target=site.serve_forever, daemon=True).start()
        try:
            yield site.server_port
        finally:
            site.shutdown()


@contextmanager
def _chromium(profile):
    command = [_CHROMIUM, *_QUIET, f"--user-data-dir={profile}"]
    command += ["--remote-debugging-port=0", "--remote-allow-origins=*", "about:blank"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        try:
            for line in process.stderr:
                if line.startswith("DevTools listening on ws://"):
                    address = line.split("ws://")[1].split("/")[0]
                    break
            threading.Thread(target=process.stderr.read, daemon=True).start()
            yield address
        finally:
            process.terminate()


class _Page:
    """The one page of a browser, over its debugging protocol."""

    def __init__(self, socket):
        self._socket = socket
        self._calls = 0

    async def call(self, method, **parameters):
        self._calls += 1
        call = {"id": self._calls, "method": method, "params": parameters}
        await self._socket.send_json(call)
        while True:
            answer = json.loads((await self._socket.receive()).data)
            if answer.get("id") == self._calls:
                return answer["result"]

    async def value(self, expression):
        answer = await self.call("Runtime.evaluate", expression=expression)
        return answer["result"].get("value")


async def _page_url(tabs):
    listed = await tabs.json()
    return next(t["webSocketDebuggerUrl"] for t in listed if t["type"] == "page")


async def _steps(address, url, when_waiting):
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"http://{address}/json") as tabs,
        session.ws_connect(await _page_url(tabs), max_msg_size=0) as socket,
    ):
        page = _Page(socket)
        await page.call("Page.navigate", url=url)
        waited = False
        async with asyncio.timeout(90):
            while (title := await page.value("document.title")) != "done":
                if title == "waiting" and not waited:
                    waited = True
                    await asyncio.to_thread(when_waiting)
                await asyncio.sleep(0.05)
        picture = await page.call("Page.captureScreenshot")
        return await page.value("document.body.innerText"), picture["data"]


def test_the_firebase_sdk_works_in_a_browser(running, connected, tmp_path):
    subprocess.run(["npm", "run", "build"], cwd=_HERE, check=True, capture_output=True)
    python = connected(running.address, project="browser")

    def write():
        python.collection("tracks").document("python").set({"from": "python"})

    with _site(_HERE / "build") as port, _chromium(tmp_path / "profile") as address:
        url = f"http://127.0.0.1:{port}/index.html?port={running.web_port}"
        text, picture = asyncio.run(_steps(address, url, write))

    (_HERE / "build" / "screenshot.png").write_bytes(base64.b64decode(picture))
    lines = text.strip().splitlines()
    assert len(lines) == 9
    assert [line for line in lines if not line.startswith("ok ")] == []
