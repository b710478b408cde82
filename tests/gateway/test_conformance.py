"""Messages of real clients and platforms: their requests are understood, their answers' shape is ours.

The samples belong to others and lie beside the checkout; without them these tests have nothing to hold on to. Messages of our own
making, which do the same in the project, are in the other modules.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from gongji.base.reasons import Refusal
from gongji.gateway.envelope import Envelope, decode
from gongji.gateway.messages import t11, t22, t26, t90, t91
from gongji.gateway.nodes import many, read_one, read_rows
from gongji.gateway.platform import Platform
from gongji.gateway.trades.known import NAMES
from tests.gateway import messages, world
from tests.gateway.client import Caller, fresh
from tests.gateway.test_outpatient import family

SAMPLES = Path(__file__).resolve().parents[2].parent / "shared" / "reference" / "interface" / "samples"
pytestmark = pytest.mark.skipif(not SAMPLES.is_dir(), reason="foreign samples are not beside this checkout")

REQUESTS = sorted(SAMPLES.glob("*_req.json"))
SINGLE: dict[str, tuple[type[Any], str]] = {
    "1101": (t11.PersonQuery, "data"),
    "1201": (t11.InstitutionQuery, "medinsinfo"),
    "2201": (t22.Registration, "data"),
    "2202": (t22.Cancellation, "data"),
    "2203A": (t22.VisitInfo, "mdtrtinfo"),
    "2205": (t22.FeeCancellation, "data"),
    "2206A": (t22.Settlement, "data"),
    "2207A": (t22.Settlement, "data"),
    "2208": (t22.Reversal, "data"),
    "2601": (t26.Undo, "data"),
    "9001": (t90.SignIn, "signIn"),
    "9002": (t90.SignOut, "signOut"),
    "9102": (t91.Download, "fsDownloadIn"),
}
LOCAL = {"othfund_pay", "expContent"}
"""Keys of one province's own platform."""


def sample(name: str) -> Any:
    content = json.loads((SAMPLES / name).read_text(encoding="utf-8"))
    return content.get("partial", content)


@pytest.mark.parametrize("path", REQUESTS, ids=lambda path: path.stem)
def test_the_envelope_of_every_sample_is_read(path: Path) -> None:
    decoded = decode(path.read_bytes())
    assert isinstance(decoded, Envelope)
    assert decoded.infno in NAMES


@pytest.mark.parametrize(
    "path", [p for p in REQUESTS if p.stem.split("_")[0] in SINGLE], ids=lambda path: path.stem
)
def test_the_nodes_of_every_offered_sample_are_read(path: Path) -> None:
    decoded = decode(path.read_bytes())
    assert isinstance(decoded, Envelope)
    kind, node = SINGLE[decoded.infno]
    found = read_one(kind, decoded.nodes, node)
    assert not isinstance(found, Refusal), found


def test_lines_sent_as_one_object_are_read() -> None:
    decoded = decode((SAMPLES / "2204_easily_req.json").read_bytes())
    assert isinstance(decoded, Envelope)
    rows = many(decoded.nodes, "feedetail")
    assert not isinstance(rows, Refusal)
    lines = read_rows(t22.FeeRow, rows, "feedetail")
    assert isinstance(lines, list)
    assert lines[0].det_item_fee_sumamt == 120_000


def same_kind(ours: Any, theirs: Any) -> bool:
    """Whether a client that reads theirs can read ours: same JSON type, or one of the two is null."""
    if ours is None or theirs is None:
        return True
    if isinstance(theirs, bool) or isinstance(ours, bool):
        return isinstance(theirs, bool) and isinstance(ours, bool)
    if isinstance(theirs, (int, float)):
        return isinstance(ours, (int, float))
    return isinstance(ours, type(theirs))


def check(ours: Any, theirs: Any, where: str) -> None:
    """Every key of theirs is in ours with the same kind of value."""
    assert same_kind(ours, theirs), f"{where}: {ours!r} / {theirs!r}"
    if isinstance(theirs, dict) and isinstance(ours, dict):
        for key, value in theirs.items():
            if key in LOCAL:
                continue
            assert key in ours, f"{where}.{key} is missing"
            check(ours[key], value, f"{where}.{key}")
    elif isinstance(theirs, list) and isinstance(ours, list):
        for value in theirs:
            assert ours, f"{where} is empty"
            check(ours[0], value, f"{where}[]")


@pytest.fixture
async def answers(caller: Caller, platform: Platform) -> dict[str, Any]:
    """Our own answers to a whole visit, by trade."""
    psn_no = await family(platform)
    got: dict[str, Any] = {}
    got["9001"] = await caller.call("9001", {"signIn": {"opter_no": "1", "mac": "m", "ip": "i"}})
    signed = got["9001"]["output"]["signinoutb"]
    got["1101"] = await caller.call("1101", {"data": messages.voucher(psn_no)})
    got["1201"] = await caller.call(
        "1201", {"medinsInfo": {"fixmedins_type": "1", "fixmedins_code": world.HOSPITAL}}
    )
    registration = messages.registration(psn_no)
    got["2201"] = await caller.call("2201", registration)
    mdtrt_id, batch = got["2201"]["output"]["data"]["mdtrt_id"], fresh("B")
    got["2203A"] = await caller.call("2203A", messages.visit_info(psn_no, mdtrt_id))
    rows = [
        messages.line(psn_no, mdtrt_id, batch),
        messages.line(psn_no, mdtrt_id, batch, med_list_codg=world.SELF_PAY),
    ]
    got["2204"] = await caller.call("2204", {"feedetail": rows})
    got["2205"] = await caller.call(
        "2205", {"data": {"psn_no": psn_no, "mdtrt_id": mdtrt_id, "chrg_bchno": "0000"}}
    )
    await caller.output("2204", {"feedetail": rows})
    settlement = messages.settlement(psn_no, mdtrt_id, batch, "200.00")
    got["2206"] = got["2206A"] = await caller.call("2206A", settlement)
    got["2207"] = got["2207A"] = await caller.call("2207A", settlement, msgid="CONF" + batch)
    key = {"psn_no": psn_no, "mdtrt_id": mdtrt_id, "setl_id": got["2207"]["output"]["setlinfo"]["setl_id"]}
    got["2208"] = await caller.call("2208", {"data": key})
    got["2601"] = await caller.call(
        "2601", {"data": {"psn_no": psn_no, "omsgid": "CONF" + batch, "oinfno": "2207A"}}
    )
    got["2202"] = await caller.call(
        "2202", {"data": {**key, "ipt_otp_no": registration["data"]["ipt_otp_no"]}}
    )
    got["9002"] = await caller.call("9002", {"signOut": {"sign_no": signed["sign_no"], "opter_no": "1"}})
    got["unknown-infno"] = await caller.call("7777", {})
    return got


OFFERED = (
    "1101", "1201", "2201", "2202", "2203A", "2204", "2205", "2206", "2206A", "2207", "2207A", "2208", "2601", "9001",
    "9002", "unknown-infno",
)  # fmt: skip
RESPONSES = [p for p in sorted(SAMPLES.glob("*_resp*.json")) if p.stem.split("_")[0] in OFFERED]


async def test_our_answers_have_every_key_and_kind_of_real_answers(answers: dict[str, Any]) -> None:
    assert len(RESPONSES) > 15
    for path in RESPONSES:
        theirs = sample(path.name)
        if theirs.get("infcode") == "0":
            theirs["infcode"] = 0
        if path.stem == "1101_spec_annexB_resp":
            continue
        ours = answers[path.stem.split("_")[0]]
        check(ours, theirs, path.stem)


async def test_success_and_failure_are_told_as_clients_expect(answers: dict[str, Any]) -> None:
    for infno, answer in answers.items():
        wanted = -1 if infno in ("2601", "unknown-infno") else 0
        assert answer["infcode"] == wanted, (infno, answer["err_msg"])
        assert type(answer["infcode"]) is int
        assert len(answer["refmsg_time"]) == len(answer["respond_time"]) == 17
        assert len(answer["inf_refmsgid"]) == 30
