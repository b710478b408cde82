-- Persons $1 with balances $2 and entry ids $3; kind $4, instant $5; the journal's accounts $6 and its amounts for one fen $7.
WITH given AS (
    SELECT * FROM unnest($1::text[], $2::bigint[], $3::bigint[]) AS g(psn_no, amount_fen, entry_id)
), opened AS (
    INSERT INTO accounts_balance (psn_no, balance_fen, version)
    SELECT psn_no, amount_fen, 1 FROM given
    ON CONFLICT (psn_no) DO NOTHING
    RETURNING psn_no
), entries AS (
    INSERT INTO accounts_entry (psn_no, entry_id, version, kind, amount_fen, balance_after_fen, occurred_at)
    SELECT g.psn_no, g.entry_id, 1, $4, g.amount_fen, g.amount_fen, $5::timestamptz
    FROM given g JOIN opened USING (psn_no)
    RETURNING psn_no, entry_id, amount_fen
), journal AS (
    INSERT INTO ledger_journal (psn_no, journal_id, source, posted_on, posted_at, accounts, parties, amounts)
    SELECT e.psn_no, e.entry_id, $4, ($5::timestamptz AT TIME ZONE 'Asia/Shanghai')::date, $5::timestamptz, $6::integer[],
           array_fill(e.psn_no, ARRAY[cardinality($6::integer[])]),
           ARRAY(SELECT part * e.amount_fen FROM unnest($7::bigint[]) AS part)
    FROM entries e
    RETURNING 1
)
SELECT count(*) FROM journal
