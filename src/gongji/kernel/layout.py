"""Positions of every number that crosses the kernel's border: compiled row, accumulators, lines, wallet, waterfall.

Everything is int64: fen, basis points, counts and small codes. The policy room fills a row, the settlement room fills
lines, accumulators and wallet, the kernel fills the waterfall. A position never changes its meaning; a new number gets a
new position at the end and a new ``KERNEL_VERSION``, so that a stored settlement can always be replayed.
"""

KERNEL_VERSION = 2

NONE = -1
"""An absent limit: no ceiling, no yearly stop, no payment standard."""
UNSET = -2
"""A cell that no document fixes (未规定). Using it is a refusal made before the kernel runs, never a zero."""

# --- compiled row: what the law says for one kind of person at one kind of place on one day -------------------------
ROW_DEDUCTIBLE_KIND = 0
ROW_DEDUCTIBLE_FEN = 1
ROW_DEDUCTIBLE_STOP_FEN = 2
"""Deductible charged in the year after which none is charged (年度起付累计), or NONE."""
ROW_CEILING_VISIT_FEN = 3
ROW_CEILING_DAY_FEN = 4
ROW_CEILING_MONTH_FEN = 5
ROW_CEILING_QUARTER_FEN = 6
ROW_CEILING_YEAR_FEN = 7
ROW_BAND_BASIS = 8
ROW_BAND_COUNT = 9
ROW_BAND_UP_TO_FEN = 10
MAX_BANDS = 8
"""Bands a rate may have; the upper edge of the last one is NONE."""
ROW_BAND_BP = ROW_BAND_UP_TO_FEN + MAX_BANDS
ROW_PREPAY_BP = ROW_BAND_BP + MAX_BANDS
"""Prepay by treatment code of a line (TREAT_*), eight slots."""
MAX_TREATS = 8
ROW_ACCOUNT_PAYS_FULL_SELFPAY = ROW_PREPAY_BP + MAX_TREATS
"""1: accounts may pay the whole personal part (A19); 0: only the in-scope part."""
ROW_CARVE_OUT_BP = ROW_ACCOUNT_PAYS_FULL_SELFPAY + 1
"""Chronic ratio (门诊慢特病) used before the ordinary pool when the wallet carries a quota; UNSET otherwise."""
ROW_CHRONIC_OVERFLOW = ROW_CARVE_OUT_BP + 1
"""What becomes of the disease's cost above its quota (A17): OVERFLOW_*."""
ROW_SIZE = ROW_CHRONIC_OVERFLOW + 1

# what the deductible is counted over
DEDUCTIBLE_NONE = 0
DEDUCTIBLE_SETTLEMENT = 1
DEDUCTIBLE_VISIT = 2
"""Per visit group (就诊及其处方流转购药), high-water mark (A10)."""
DEDUCTIBLE_DAY = 3
DEDUCTIBLE_MONTH = 4
DEDUCTIBLE_YEAR = 5

# what a rate's bands run over
BASIS_SINGLE = 0
BASIS_YEAR_IN_SCOPE = 1
"""In-scope cost of the year so far, deductible included, then this visit's."""
BASIS_YEAR_FUND = 2
"""Fund already paid in the year."""
BASIS_VISIT = 3
"""In-scope cost of this visit above the deductible."""

# what becomes of a chronic disease's cost that its quota does not cover
OVERFLOW_POOLED = 0
"""It is pooled in the same settlement (carve_out)."""
OVERFLOW_KEPT = 1
"""It stays with the disease's cost and is the member's (none)."""
OVERFLOW_NEXT_VISIT = 2
"""It is the member's where the quota ends, and pooled once there is no quota left to begin with (next_visit)."""

# --- lines: flat array, LINE_SIZE numbers a line -----------------------------------------------------------------------
LINE_AMOUNT_FEN = 0
LINE_STANDARD_FEN = 1
"""Payment standard x quantity (R2), or NONE when there is none."""
LINE_TREAT = 2
LINE_FLAGS = 3
LINE_SIZE = 4

TREAT_FULL_SELFPAY = 0
TREAT_A = 1
TREAT_B_DRUG = 2
TREAT_B_CONSUMABLE = 3
TREAT_B_SERVICE = 4
"""Codes 5-7 are free for regions whose law knows more categories; the library names them."""

FLAG_ACCOUNT = 1
"""Personal accounts may pay this line (A19)."""
FLAG_CARVE_OUT = 2
"""Line belongs to the chronic disease whose quota is carved out first (A17, A38)."""

# --- accumulators of one person and benefit before the visit -----------------------------------------------------------
ACC_DEDUCTIBLE_WINDOW_FEN = 0
"""Deductible already charged in the window of ROW_DEDUCTIBLE_KIND (0 for DEDUCTIBLE_SETTLEMENT)."""
ACC_DEDUCTIBLE_YEAR_FEN = 1
ACC_IN_SCOPE_YEAR_FEN = 2
ACC_FUND_VISIT_FEN = 3
ACC_FUND_DAY_FEN = 4
ACC_FUND_MONTH_FEN = 5
ACC_FUND_QUARTER_FEN = 6
ACC_FUND_YEAR_FEN = 7
ACC_SIZE = 8

# --- wallet: who may pay the personal part ---------------------------------------------------------------------------------
WALLET_CARVE_OUT_QUOTA_FEN = 0
"""Chronic quota left, or NONE when the visit has no chronic benefit."""
WALLET_OWN_FEN = 1
"""Own balance offered to this settlement (0 when the member keeps it out)."""
WALLET_FAMILY_FEN = 2
"""Sum of family balances offered."""
WALLET_SIZE = 3

# --- waterfall ----------------------------------------------------------------------------------------------------------------
W_TOTAL_FEN = 0
W_FULL_SELFPAY_FEN = 1
W_OVER_LIMIT_FEN = 2
W_PREPAY_FEN = 3
W_CHRONIC_FEE_FEN = 4
W_CHRONIC_PAY_FEN = 5
W_IN_SCOPE_FEN = 6
"""In-scope cost that enters the deductible: without the chronic fee."""
W_DEDUCTIBLE_DUE_FEN = 7
"""Standard less what the window has charged, before the yearly stop and the cost itself limit it."""
W_DEDUCTIBLE_FEN = 8
W_BASE_FEN = 9
W_POOL_BEFORE_CAP_FEN = 10
W_CAP_ROOM_FEN = 11
"""Smallest room under all ceilings, or NONE without a ceiling."""
W_POOL_PAY_FEN = 12
W_CAP_SHORTFALL_FEN = 13
W_PERSONAL_FEN = 14
W_ACCOUNT_PAYABLE_FEN = 15
"""Part of the personal amount that accounts may pay."""
W_ACCOUNT_FEN = 16
W_MUTUAL_FEN = 17
W_CASH_FEN = 18
W_RULE_DEDUCTIBLE = 19
"""Row position of the rule that bound the deductible (standard or yearly stop), or NONE when the cost itself did."""
W_RULE_CAP = 20
"""Row position of the ceiling with the smallest room, or NONE when no ceiling bound."""
W_BAND_FIRST = 21
W_BAND_LAST = 22
"""First and last band that the base touched."""
W_SIZE = 23

# --- split of each line (flat, SPLIT_SIZE numbers a line) -------------------------------------------------------------------
SPLIT_FULL_SELFPAY_FEN = 0
SPLIT_OVER_LIMIT_FEN = 1
SPLIT_PREPAY_FEN = 2
SPLIT_IN_SCOPE_FEN = 3
SPLIT_SIZE = 4
