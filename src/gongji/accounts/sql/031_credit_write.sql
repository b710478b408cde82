-- Post what one month gives to many persons, as differences to what was posted before: facts, entries, journal and balances, or nothing.
--
-- Arrays are parallel, one element a person, in the order of psn_no. p_was_fen and p_was_account are the amount and the expense account
-- (划入科目, chart of accounts) of the person's row before, 0 and NULL when there is none; p_account is the expense account of
-- this row, NULL for rule none. What a negative difference cannot take from the balance becomes a receivable; a positive one
-- pays a receivable first, by an entry of its own (p_recovery_id).
-- 23505, 40001: somebody has posted for this person and month since it was read, or opened the account; the caller reads again.
--
-- All balances of a call are locked first, in the order of psn_no, as accounts_post locks them: two calls never wait in a circle.
-- The bounds of a call are stated beside its keys, so that a large table is read by a stretch of its index.
CREATE FUNCTION accounts_credit_write(
    p_month         date,
    p_cause_id      bigint,
    p_policy_digest bytea,
    p_at            timestamptz,
    p_member        integer,  -- account of the chart: 参保人个人账户
    p_receivable    integer,  -- 应收多计入个人账户款
    p_psn_no        text[],
    p_sequence      integer[],
    p_rule          text[],
    p_reason        text[],
    p_base_fen      bigint[],
    p_rate_bp       integer[],
    p_target_fen    bigint[],
    p_account       integer[],
    p_was_fen       bigint[],
    p_was_account   integer[],
    p_region        text[],
    p_clause        text[],
    p_entry_id      bigint[],
    p_recovery_id   bigint[],
    OUT given_fen      bigint,  -- Σ positive differences
    OUT taken_fen      bigint,  -- Σ negative differences, as far as balances gave them back
    OUT receivable_fen bigint   -- Σ changes of receivables
)
LANGUAGE plpgsql
SET plan_cache_mode = force_custom_plan  -- how long the arrays are decides how they are joined
AS $$
DECLARE
    low text := p_psn_no[1];
    high text := p_psn_no[cardinality(p_psn_no)];
    written integer;
BEGIN
    PERFORM FROM accounts_balance b WHERE b.psn_no = ANY (p_psn_no) ORDER BY b.psn_no FOR UPDATE;

    WITH given AS (
        SELECT g.*, g.target_fen - g.was_fen AS delta_fen, coalesce(b.balance_fen, 0) AS balance_fen,
               coalesce(b.receivable_fen, 0) AS owed_fen, coalesce(b.version, 0) AS version
        FROM unnest(p_psn_no, p_sequence, p_rule, p_reason, p_base_fen, p_rate_bp, p_target_fen, p_account, p_was_fen,
                    p_was_account, p_region, p_clause, p_entry_id, p_recovery_id)
            AS g(psn_no, sequence, rule, reason, base_fen, rate_bp, target_fen, account, was_fen, was_account, region, clause,
                 entry_id, recovery_id)
        LEFT JOIN accounts_balance b ON b.psn_no = g.psn_no AND b.psn_no BETWEEN low AND high
    ), movement AS MATERIALIZED (
        SELECT given.*,
               CASE WHEN delta_fen > 0 THEN -least(delta_fen, owed_fen) ELSE greatest(-delta_fen - balance_fen, 0) END AS change_fen,
               CASE WHEN sequence = 1 THEN 'credit' WHEN rule = 'none' THEN 'recovery' ELSE 'credit_correction' END AS kind
        FROM given
    ), advanced AS (
        UPDATE accounts_balance b
        SET balance_fen = m.balance_fen + m.delta_fen + m.change_fen, receivable_fen = m.owed_fen + m.change_fen,
            version = m.version + 1
        FROM movement m
        WHERE b.psn_no = m.psn_no AND b.psn_no BETWEEN low AND high AND b.version = m.version
        RETURNING 1
    ), opened AS (
        INSERT INTO accounts_balance (psn_no, balance_fen, version, receivable_fen)
        SELECT psn_no, delta_fen + change_fen, 1, change_fen FROM movement WHERE version = 0
        RETURNING 1
    ), credited AS (
        INSERT INTO accounts_credit (psn_no, month, sequence, rule, reason, base_fen, rate_bp, target_fen, delta_fen, receivable_fen,
                                     region, clause, policy_digest, cause_id, entry_id, recovery_id)
        SELECT psn_no, p_month, sequence, rule, reason, base_fen, rate_bp, target_fen, delta_fen, change_fen,
               region, clause, p_policy_digest, p_cause_id, entry_id, CASE WHEN change_fen < 0 THEN recovery_id END
        FROM movement
    ), entered AS (
        INSERT INTO accounts_entry (psn_no, entry_id, version, kind, amount_fen, balance_after_fen, reference, period, occurred_at)
        SELECT psn_no, entry_id, version + 1, kind, delta_fen + greatest(change_fen, 0),
               balance_fen + delta_fen + greatest(change_fen, 0), p_cause_id, p_month, p_at
        FROM movement
        UNION ALL
        SELECT psn_no, recovery_id, version + 1, 'recovery', change_fen, balance_fen + delta_fen + change_fen, p_cause_id, p_month, p_at
        FROM movement WHERE change_fen < 0
    ), booked AS (
        INSERT INTO ledger_journal (psn_no, journal_id, source, posted_on, posted_at, accounts, parties, amounts)
        SELECT m.psn_no, m.entry_id, m.kind, (p_at AT TIME ZONE 'Asia/Shanghai')::date, p_at, leg.accounts,
               array_fill(m.psn_no, ARRAY[cardinality(leg.accounts)]), leg.amounts
        FROM movement m
        CROSS JOIN LATERAL (
            SELECT CASE WHEN m.was_fen = 0 THEN ARRAY[m.account, p_member]
                        WHEN m.account IS NULL THEN ARRAY[m.was_account, p_member]
                        WHEN m.account = m.was_account THEN ARRAY[m.account, p_member]
                        ELSE ARRAY[m.was_account, m.account, p_member] END
                   || CASE WHEN m.change_fen > 0 THEN ARRAY[p_receivable] ELSE '{}' END AS accounts,
                   CASE WHEN m.account <> m.was_account AND m.was_fen <> 0
                        THEN ARRAY[-m.was_fen, m.target_fen, -m.delta_fen - greatest(m.change_fen, 0)]
                        ELSE ARRAY[m.delta_fen, -m.delta_fen - greatest(m.change_fen, 0)] END
                   || CASE WHEN m.change_fen > 0 THEN ARRAY[m.change_fen] ELSE '{}' END AS amounts
        ) AS leg
        UNION ALL
        SELECT psn_no, recovery_id, 'recovery', (p_at AT TIME ZONE 'Asia/Shanghai')::date, p_at, ARRAY[p_member, p_receivable],
               ARRAY[psn_no, psn_no], ARRAY[-change_fen, change_fen]
        FROM movement WHERE change_fen < 0
    )
    SELECT coalesce(sum(delta_fen) FILTER (WHERE delta_fen > 0), 0),
           coalesce(-sum(delta_fen + change_fen) FILTER (WHERE delta_fen < 0), 0),
           coalesce(sum(change_fen), 0), (SELECT count(*) FROM advanced) + (SELECT count(*) FROM opened)
    INTO given_fen, taken_fen, receivable_fen, written FROM movement;
    IF written <> cardinality(p_psn_no) THEN  -- an account that was opened after the others were locked, and moved since
        RAISE EXCEPTION 'accounts have moved' USING ERRCODE = 'serialization_failure';
    END IF;
END;
$$;
