"""Texts of failures that clients know from the national platform, around our reason codes."""

from gongji.base.reasons import Refusal


def unknown_trade(infno: str, incident: str) -> str:
    """As the platform says it, with the reason code and the number that finds the log line."""
    shown = "".join(char for char in infno if char.isprintable())[:10]
    return f"FSI-交易报文不正确：未知交易编号！〔UNKNOWN_TRADE〕交易编号 {shown},异常流水号:{incident}"


def not_offered(infno: str, name: str) -> str:
    """A trade of the national interface that this platform does not offer."""
    return f"{Refusal('TRADE_NOT_OFFERED').text}：【{infno}】{name}，未开放"


def internal(reason: str, incident: str, writes: bool) -> str:
    """After a bug or a lost database: the caller must know whether something may have happened."""
    effect = (
        "本次交易是否生效未知，请用原报文编号原样重发（不会重复生效），或用【5203】查询、【2601】冲正，切勿直接换号重做"
        if writes
        else "本次为查询交易，没有产生任何变化，可以重试"
    )
    return f"{Refusal(reason).text}。{effect}。异常流水号:{incident}"


def undo_failed(reason: Refusal) -> str:
    """2601 of a settlement that is already undone, in the platform's words."""
    return (
        "FSI-调用业务基础子系统冲正失败:冲正的结算信息退费结算标志不为未退费，不能办理冲正交易"
        f"〔{reason.code}〕{reason.detail}"
    )


def original_not_found(voided: bool) -> str:
    """2601 of a message that never arrived. Voided: its number can no longer take effect, even if it arrives late."""
    after = "；该报文编号已作废，迟到也不会生效，可用新编号重做" if voided else ""
    return f"FSI-调用业务基础子系统冲正失败:未查询到原交易〔MESSAGE_NOT_FOUND〕{after}"
