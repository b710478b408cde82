"""What docs/interface.md tells vendors is so."""

import base64
import hmac
import re
import subprocess
from pathlib import Path

from gongji.gateway.settings import GatewaySettings
from gongji.gateway.signature import sign
from gongji.gateway.trades import TRADES

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "interface.md").read_text("utf-8")


def test_the_page_lists_the_offered_trades() -> None:
    table = PAGE.partition("## 已开放的交易")[2].partition("###")[0]
    named = set(re.findall(r"\d{4}[AB]?", "".join(re.findall(r"(?m)^\| ([^|]+)\|", table))))
    ranges = {
        str(number) for first, last in re.findall(r"(\d{4})–(\d{4})", table) for number in _range(first, last)
    }
    assert named | ranges == set(TRADES)


def _range(first: str, last: str) -> range:
    return range(int(first), int(last) + 1)


def test_the_shown_text_to_sign_is_the_one_that_is_checked() -> None:
    shown = re.search(r"printf '([^']+)' \"\$AK\" \"\$TS\"", PAGE)
    assert shown is not None
    text = subprocess.run(
        ["sh", "-c", f'printf \'{shown[1]}\' "$AK" "$TS"'],
        capture_output=True,
        text=True,
        env={"AK": "ak", "TS": "1700000000000"},
        check=True,
    ).stdout
    names = {
        "_api_access_key": "ak",
        "_api_name": "1201",
        "_api_timestamp": "1700000000000",
        "_api_version": "1.0.0",
    }
    assert base64.b64encode(hmac.digest(b"sk", text.encode(), "sha1")).decode() == sign(names, "sk")


def test_the_limits_named_are_the_limits() -> None:
    assert f"| {GatewaySettings().max_body} |" in PAGE
    assert GatewaySettings().signature == "api"
    assert "最多 1,000 行" in PAGE
