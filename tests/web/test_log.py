"""What a running server writes to its log while people work: a scripted walk, and nobody's data in any line."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from gongji.access.demonstration import PASSWORD, VOUCHERS
from gongji.demo_data import generate
from tests.web.serving import MEMBER, SESSION_COOKIE, Served, serving

WORLD = generate()
TYPED = "140106197001019999"
"""An identity number that is typed where it does not belong."""
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)"')
STAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("log")


@pytest.fixture(scope="module")
def served(lived_url: str, folder: Path) -> Iterator[Served]:
    with serving(lived_url, folder) as running:
        yield running


def secrets() -> set[str]:
    """Names, numbers, vouchers and goods of the demonstration, and what the walk types where it does not belong."""
    tables = WORLD.tables
    found = {TYPED, PASSWORD, *(token for token, _ in VOUCHERS)}
    for row in tables["members_person"]:
        found |= {str(row["psn_no"]), str(row["name"])}
    found |= {str(row["name"]) for row in tables["catalog_item"]}
    found |= {str(row["name"]) for row in tables["providers_staff"]}
    return {text for text in found if len(text) > 1}


class Visitor:
    """Somebody with a browser: posts what a form of the page holds, with some of it filled in otherwise."""

    def __init__(self, served: Served) -> None:
        self.client = httpx.AsyncClient(base_url=served.url, timeout=30, trust_env=False)
        self.served = served
        self.seen: list[int] = []

    async def become(self, who: str) -> None:
        self.client.cookies.clear()
        self.client.cookies.set(SESSION_COOKIE, await self.served.token(who))

    async def get(self, path: str) -> str:
        answer = await self.client.get(path, follow_redirects=True)
        self.seen.append(answer.status_code)
        return answer.text

    async def post(self, path: str, page: str, **fields: str) -> str:
        token = TOKEN.search(page)
        given = dict(HIDDEN.findall(page)) | {"csrfmiddlewaretoken": token[1] if token else ""} | fields
        answer = await self.client.post(path, data=given, follow_redirects=True)
        self.seen.append(answer.status_code)
        return answer.text


async def walk(visitor: Visitor) -> None:
    """Signing in rightly and wrongly, the portal, a doctor, a cashier, a pharmacy, officers, and what goes wrong."""
    for name, password in ((TYPED, TYPED), ("sq-doctor", TYPED), ("sq-doctor", PASSWORD)):
        await visitor.post("/signin", await visitor.get("/signin"), username=name, password=password)
    visitor.client.cookies.clear()
    for token in (TYPED, MEMBER):
        await visitor.post("/signin/voucher", await visitor.get("/signin/voucher"), voucher=token)
    for path in (
        "",
        "settlements",
        "account",
        "account.csv",
        "prescriptions",
        "family",
        "claims",
        "complaints/new",
    ):
        await visitor.get(f"/portal/{path}")
    await visitor.get(f"/portal/settlements/{TYPED}")
    await visitor.get(f"/law?q={TYPED}")
    await visitor.become("sq-doctor")
    page = await visitor.get("/desk/doctor")
    for text in (MEMBER, TYPED, WORLD.member("active")):
        await visitor.post("/desk/doctor/identify", page, text=text, code=text, voucher=text)
    for who, path in (("sq-cashier", "/desk/cashier"), ("yd-cashier", "/desk/till")):
        await visitor.become(who)
        for text in (MEMBER, TYPED, "阿莫西林"):
            page = await visitor.post(path, await visitor.get(path), do="read", text=text)
            await visitor.post(path, page, do="preview")
        await visitor.get(f"/desk/day?q={TYPED}")
        await visitor.get(f"/desk/refund/{TYPED}")
    for who in ("jihe", "chushen", "auditor"):
        await visitor.become(who)
        await visitor.get("/console/")
        await visitor.get(f"/console/accesses?psn_no={TYPED}")
    page = await visitor.get("/portal/report")
    await visitor.post("/portal/report", page, text=f"{TYPED} {MEMBER}", place=TYPED, topic="other")
    headers = {"Content-Type": "multipart/form-data; boundary=x", "User-Agent": TYPED, "Cookie": f"a={TYPED}"}
    for body in (TYPED.encode(), b"--x\r\n" + TYPED.encode()):
        visitor.seen.append((await visitor.client.post("/signin", content=body, headers=headers)).status_code)
    visitor.seen.append((await visitor.client.get("/", headers={"Host": f"{TYPED}.example"})).status_code)
    sent = await visitor.client.post(
        "/fsi/api/rsfComIfsService/callService", content=f'{{"infno":"{TYPED}"'.encode()
    )
    visitor.seen.append(sent.status_code)


@pytest.mark.clause("YC2024-16.s2.b")
async def test_a_day_of_work_leaves_nobodys_data_in_the_log(served: Served, folder: Path) -> None:
    log = folder / "serve.log"
    begun = log.stat().st_size
    visitor = Visitor(served)
    async with visitor.client:
        await walk(visitor)
    assert {200, 400, 403, 404, 422} <= set(visitor.seen), "the walk has met answers of all kinds"
    assert 500 not in visitor.seen
    told = log.read_bytes()[begun:].decode()
    found = sorted(secret for secret in secrets() if secret in told)
    assert not found
    lines = [json.loads(line) for line in told.splitlines()]
    assert {line["infno"] for line in lines if line["event"] == "trade"} >= {"1101"}
    whole = [
        json.loads(line) for line in log.read_text(encoding="utf-8").splitlines() if line.startswith("{")
    ]
    assert {line["event"] for line in whole} >= {"library", "started", "trade"}
    assert all(STAMP.fullmatch(line["at"]) for line in whole)
