"""9001 签到, 9002 签退."""

import msgspec

from gongji.gateway.fields import Text20, Text50


class SignIn(msgspec.Struct, frozen=True):
    """signIn of 9001; mac and ip are kept nowhere."""

    opter_no: Text20
    mac: Text50 = ""
    ip: Text50 = ""


class SignOut(msgspec.Struct, frozen=True):
    """signOut of 9002."""

    sign_no: Text50
    opter_no: Text20


class SignedIn(msgspec.Struct, frozen=True):
    """signinoutb."""

    sign_time: str | None
    sign_no: str


class SignedInOutput(msgspec.Struct, frozen=True):
    signinoutb: SignedIn


class SignedOut(msgspec.Struct, frozen=True):
    """signoutoutb of the live platform."""

    sign_time: str | None


class SignedOutOutput(msgspec.Struct, frozen=True):
    """The table's caption names the node ``sign_time``, the platform answers ``signoutoutb``: both are given."""

    signoutoutb: SignedOut
    sign_time: str | None
