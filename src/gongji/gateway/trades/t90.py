"""9001 签到, 9002 签退."""

from gongji.base.reasons import Refusal
from gongji.base.sqlfiles import Connection
from gongji.gateway import signin
from gongji.gateway.calls import Call, Output, Reply, output
from gongji.gateway.idempotency import once
from gongji.gateway.messages import t90
from gongji.gateway.nodes import read_one
from gongji.gateway.values import moment


async def sign_in(call: Call) -> Reply:
    """9001: a number for the day. The same message again gives the same number."""
    asked = read_one(t90.SignIn, call.nodes, "signIn")
    if isinstance(asked, Refusal):
        return asked

    async def effect(connection: Connection) -> Output:
        sign_no = signin.new_sign_no(call.received_at)
        await signin.sign_in(connection, sign_no, call.caller, asked.opter_no, call.received_at)
        return output(t90.SignedInOutput(t90.SignedIn(moment(call.received_at), sign_no)))

    return await once(call, effect)


async def sign_out(call: Call) -> Reply:
    """9002: only for a sign-in of the same day."""
    asked = read_one(t90.SignOut, call.nodes, "signOut")
    if isinstance(asked, Refusal):
        return asked

    async def effect(connection: Connection) -> Reply:
        if not await signin.sign_out(connection, asked.sign_no, call.caller, call.received_at):
            return Refusal("NOT_SIGNED_IN", "当天没有这个签到编号")
        time = moment(call.received_at)
        return output(t90.SignedOutOutput(t90.SignedOut(time), time))

    return await once(call, effect)
