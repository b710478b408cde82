"""Whatever a message is made of, it is answered: status 200, JSON with every key, never an internal error."""

import asyncio
import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from gongji.gateway.app import Gateway
from gongji.gateway.opening import open_platform
from gongji.gateway.settings import GatewaySettings
from gongji.policy import Law
from tests.gateway import offered
from tests.gateway.client import Caller, envelope
from tests.gateway.test_envelope import KEYS
from tests.vaults import VAULT

SCALARS = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=40)
    | st.sampled_from(["", "null", "NULL", "0", "-1", "1e400", "2024-02-30", "9" * 40, "\u0000", "１２", "01", "0000"])
)  # fmt: skip
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
)


@st.composite
def spoiled(draw: Any) -> dict[str, Any]:
    """A message of an offered trade with some of its fields replaced, removed or added."""
    infno = draw(st.sampled_from(offered.TRADES))
    code, nodes = offered.templates()[infno]
    message = envelope(infno, nodes, caller=code)
    targets = [message, nodes, *offered.rows_of(nodes)]
    for _ in range(draw(st.integers(1, 4))):
        target = draw(st.sampled_from(targets))
        name = draw(st.sampled_from(sorted(target)) if target else st.text(max_size=5))
        if draw(st.booleans()):
            target[name] = draw(VALUES)
        else:
            target.pop(name, None)
    return message


def test_no_message_breaks_the_interface(world_url: str, law: Law) -> None:
    with asyncio.Runner() as runner:
        opening = open_platform(world_url, GatewaySettings(signature="off"), law, VAULT)
        app = Gateway(lambda _: b"")
        app.platform = runner.run(opening.__aenter__())
        caller = Caller(app)

        def check(body: bytes) -> None:
            answer = json.loads(runner.run(caller.raw(body)))
            assert caller.status == 200
            assert set(answer) >= KEYS
            assert answer["infcode"] in (0, -1)
            assert "INTERNAL" not in str(answer["err_msg"]), answer["err_msg"]

        @hypothesis_settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
        @given(spoiled())
        def messages(message: dict[str, Any]) -> None:
            check(json.dumps(message, ensure_ascii=draw_ascii(message)).encode("utf-8", "surrogatepass"))

        @hypothesis_settings(max_examples=200, deadline=None)
        @given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
        def bytes_of_any_kind(body: bytes) -> None:
            check(body)

        try:
            messages()
            bytes_of_any_kind()
        finally:
            runner.run(opening.__aexit__(None, None, None))


def draw_ascii(message: dict[str, Any]) -> bool:
    """Half of the messages are escaped, half are not; decided by the message so that a failure is found again."""
    return len(str(message)) % 2 == 0


@pytest.mark.parametrize("depth", [100, 900, 5_000])
def test_deep_nesting_is_refused(depth: int) -> None:
    from gongji.gateway.envelope import decode

    body = (
        b'{"infno":"1101","msgid":"1","fixmedins_code":"H","input":{"data":'
        + b"[" * depth
        + b"]" * depth
        + b"}}"
    )
    assert decode(body) is not None
