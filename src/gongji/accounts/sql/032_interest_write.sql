-- Post interest to many accounts: facts, entries, journal and balances, or nothing. Arrays are parallel, in the order of psn_no;
-- p_entry_id is NULL where the interest is below half a fen. 23505: the days have had their interest; the caller reads again.
CREATE FUNCTION accounts_interest_write(
    p_through_on    date,
    p_cause_id      bigint,
    p_policy_digest bytea,
    p_at            timestamptz,
    p_member        integer,  -- account of the chart: 参保人个人账户
    p_expense       integer,  -- 个人账户利息
    p_psn_no        text[],
    p_from_on       date[],
    p_region        text[],
    p_fen_bp_days   bigint[],
    p_interest_fen  bigint[],
    p_clause        text[],
    p_entry_id      bigint[]
) RETURNS void
LANGUAGE plpgsql
SET plan_cache_mode = force_custom_plan  -- how long the arrays are decides how they are joined
AS $$
BEGIN
    PERFORM FROM accounts_balance b WHERE b.psn_no = ANY (p_psn_no) ORDER BY b.psn_no FOR UPDATE;

    INSERT INTO accounts_interest (psn_no, through_on, from_on, region, fen_bp_days, interest_fen, clause, policy_digest, cause_id,
                                   entry_id)
    SELECT g.psn_no, p_through_on, g.from_on, g.region, g.fen_bp_days, g.interest_fen, g.clause, p_policy_digest, p_cause_id, g.entry_id
    FROM unnest(p_psn_no, p_from_on, p_region, p_fen_bp_days, p_interest_fen, p_clause, p_entry_id)
        AS g(psn_no, from_on, region, fen_bp_days, interest_fen, clause, entry_id);

    WITH given AS MATERIALIZED (
        SELECT g.psn_no, g.interest_fen, g.entry_id
        FROM unnest(p_psn_no, p_interest_fen, p_entry_id) AS g(psn_no, interest_fen, entry_id) WHERE g.entry_id IS NOT NULL
    ), advanced AS (
        UPDATE accounts_balance b SET balance_fen = b.balance_fen + g.interest_fen, version = b.version + 1
        FROM given g WHERE b.psn_no = g.psn_no AND b.psn_no BETWEEN p_psn_no[1] AND p_psn_no[cardinality(p_psn_no)]
        RETURNING b.psn_no, b.version, b.balance_fen, g.interest_fen, g.entry_id
    ), entered AS (
        INSERT INTO accounts_entry (psn_no, entry_id, version, kind, amount_fen, balance_after_fen, reference, period, occurred_at)
        SELECT psn_no, entry_id, version, 'interest', interest_fen, balance_fen, p_cause_id, date_trunc('year', p_through_on)::date, p_at
        FROM advanced
    )
    INSERT INTO ledger_journal (psn_no, journal_id, source, posted_on, posted_at, accounts, parties, amounts)
    SELECT psn_no, entry_id, 'interest', (p_at AT TIME ZONE 'Asia/Shanghai')::date, p_at, ARRAY[p_expense, p_member],
           ARRAY[psn_no, psn_no], ARRAY[interest_fen, -interest_fen]
    FROM advanced;
END;
$$;
