"""What an operator may set about the interface, read once from the environment (names begin with GONGJI_)."""

from collections.abc import Mapping

import msgspec

YES = ("1", "true", "yes", "on", "是")
NO = ("", "0", "false", "no", "off", "否")


class GatewaySettings(msgspec.Struct, frozen=True):
    """``signature`` is ``api`` or ``off`` (a trusted gateway in front identifies the caller); ``admdvs`` the receiver's region."""

    signature: str = "api"
    require_sign_in: bool = False
    read_only: bool = False
    admdvs: str = "140000"
    max_body: int = 8 * 1024 * 1024
    demo: bool = False


def from_environment(environ: Mapping[str, str]) -> GatewaySettings:
    """Settings of this process. Raises ValueError (Chinese) for a value that is none of the allowed."""
    signature = environ.get("GONGJI_SIGNATURE", "api").strip().lower()
    if signature not in ("api", "off"):
        raise ValueError(f"GONGJI_SIGNATURE 须为 api 或 off，现在是 {signature!r}")
    admdvs = environ.get("GONGJI_ADMDVS", "140000").strip()
    if not (len(admdvs) == 6 and admdvs.isascii() and admdvs.isdigit()):
        raise ValueError(f"GONGJI_ADMDVS 须为 6 位医保区划，现在是 {admdvs!r}")
    return GatewaySettings(
        signature=signature,
        require_sign_in=_yes(environ, "GONGJI_REQUIRE_SIGN_IN"),
        read_only=_yes(environ, "GONGJI_READ_ONLY"),
        admdvs=admdvs,
        max_body=_size(environ, "GONGJI_MAX_BODY", 8 * 1024 * 1024),
        demo=_yes(environ, "GONGJI_DEMO"),
    )


def _yes(environ: Mapping[str, str], name: str) -> bool:
    given = environ.get(name, "").strip().lower()
    if given not in (*YES, *NO):
        raise ValueError(f"{name} 须为 1 或 0，现在是 {given!r}")
    return given in YES


def _size(environ: Mapping[str, str], name: str, default: int) -> int:
    given = environ.get(name, "").strip()
    if not given:
        return default
    if not (given.isascii() and given.isdigit() and int(given) > 0):
        raise ValueError(f"{name} 须为正整数（字节），现在是 {given!r}")
    return int(given)
