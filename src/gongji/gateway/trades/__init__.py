"""The trades that are offered, by number. A number in ``known.NAMES`` that is missing here answers 未开放."""

from gongji.gateway.calls import Trade
from gongji.gateway.trades import t11, t19, t20, t21, t22, t22s, t25, t25s, t26, t52, t52s, t53, t90
from gongji.gateway.trades.known import NAMES

__all__ = ["TRADES"]


TRADES: dict[str, Trade] = {
    trade.infno: trade
    for trade in (
        Trade("9001", NAMES["9001"], t90.sign_in, writes=True),
        Trade("9002", NAMES["9002"], t90.sign_out, writes=True),
        Trade("1101", NAMES["1101"], t11.person),
        Trade("1201", NAMES["1201"], t11.institution),
        Trade("1901", NAMES["1901"], t19.codes),
        Trade("2001", NAMES["2001"], t20.benefits),
        Trade("2101", NAMES["2101"], t21.preview),
        Trade("2102", NAMES["2102"], t21.settle, writes=True),
        Trade("2103", NAMES["2103"], t22s.reverse, writes=True),
        Trade("2201", NAMES["2201"], t22.register, writes=True),
        Trade("2202", NAMES["2202"], t22.cancel, writes=True),
        Trade("2203", NAMES["2203"], t22.inform, writes=True),
        Trade("2203A", NAMES["2203A"], t22.inform, writes=True),
        Trade("2204", NAMES["2204"], t22.upload, writes=True),
        Trade("2205", NAMES["2205"], t22.withdraw, writes=True),
        Trade("2206", NAMES["2206"], t22s.preview),
        Trade("2206A", NAMES["2206A"], t22s.preview),
        Trade("2207", NAMES["2207"], t22s.settle, writes=True),
        Trade("2207A", NAMES["2207A"], t22s.settle, writes=True),
        Trade("2208", NAMES["2208"], t22s.reverse, writes=True),
        Trade("2501", NAMES["2501"], t25.refer, writes=True),
        Trade("2502", NAMES["2502"], t25.withdraw_referral, writes=True),
        Trade("2503", NAMES["2503"], t25s.apply_chronic, writes=True),
        Trade("2504", NAMES["2504"], t25s.withdraw_chronic, writes=True),
        Trade("2505", NAMES["2505"], t25s.apply_fixed, writes=True),
        Trade("2506", NAMES["2506"], t25s.withdraw_fixed, writes=True),
        Trade("2601", NAMES["2601"], t26.undo, writes=True),
        Trade("5201", NAMES["5201"], t52.visits),
        Trade("5202", NAMES["5202"], t52.diagnoses),
        Trade("5203", NAMES["5203"], t52s.settlement),
        Trade("5204", NAMES["5204"], t52s.fee_lines),
        Trade("5205", NAMES["5205"], t52s.medication),
        Trade("5206", NAMES["5206"], t52.sums),
        Trade("5301", NAMES["5301"], t53.chronic),
        Trade("5302", NAMES["5302"], t53.fixed),
        Trade("5304", NAMES["5304"], t53.referrals),
    )
}
