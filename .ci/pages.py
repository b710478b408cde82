"""The product from the installed wheel: `gongji serve --demo` starts in an empty folder and its pages come with their assets.

Run with the interpreter of the environment that holds the wheel. Ends with 1 and what the server said when something is missing.
"""

import re
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urljoin

import httpx

START_S = 120
PAGES = {"/": "共济", "/signin": "登录", "/styleguide": "界面规范", "/law": "政策问答", "/health": ""}
ASSET = re.compile(r'(?:href|src)="(/static/[^"]+)"')


def main() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        port = int(trial.getsockname()[1])
    url = f"http://127.0.0.1:{port}"
    log = Path("serve.log")
    gongji = Path(sys.executable).with_name("gongji")
    with log.open("wb") as out:
        server = subprocess.Popen([gongji, "serve", "--demo", "--port", str(port)], stdout=out, stderr=out)
    try:
        wrong = missing(url, server)
    finally:
        server.terminate()
        server.wait(timeout=60)
    if wrong:
        print(*wrong, log.read_text(encoding="utf-8", errors="replace")[-4000:], sep="\n", file=sys.stderr)
        return 1
    return 0


def missing(url: str, server: subprocess.Popen[bytes]) -> list[str]:
    """What did not come as it should, in words; also when the server did not start."""
    with httpx.Client(base_url=url, timeout=20, trust_env=False) as client:
        until = time.monotonic() + START_S
        while not ready(client):
            if server.poll() is not None or time.monotonic() > until:
                return ["gongji serve --demo from the wheel did not start"]
            time.sleep(0.2)
        wrong, assets = [], set()
        for path, word in PAGES.items():
            answer = client.get(path)
            if answer.status_code != httpx.codes.OK or word not in answer.text:
                wrong.append(f"{path}: {answer.status_code}, without {word!r}")
            assets |= {urljoin(path, found) for found in ASSET.findall(answer.text)}
        wrong += [
            f"{path} is missing" for path in sorted(assets) if client.get(path).status_code != httpx.codes.OK
        ]
    print(
        f"{len(PAGES)} pages and {len(assets)} assets come with the wheel"
        if assets
        else "no page names an asset"
    )
    return wrong if assets else [*wrong, "no page names an asset"]


def ready(client: httpx.Client) -> bool:
    try:
        return client.get("/ready").status_code == httpx.codes.OK
    except httpx.HTTPError:
        return False


if __name__ == "__main__":
    raise SystemExit(main())
