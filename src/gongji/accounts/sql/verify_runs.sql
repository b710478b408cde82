-- Runs that do not say what they did: steps in order, the last one finished if any, their tallies against the facts of the run; facts whose
-- run is not there. What a case took back (CREDITED_AFTER_EVENT) and interest of a closed account name a case.
WITH step AS (
    SELECT s.*, row_number() OVER run AS position, lead(s.step_no) OVER run IS NULL AS is_last,
           s.through < lag(s.through, 1, '') OVER run AS goes_back
    FROM accounts_run_step s WINDOW run AS (PARTITION BY s.run_id ORDER BY s.step_no)
), tally AS (
    SELECT run_id, sum((tally->>'credited')::bigint) AS credited, sum((tally->>'corrected')::bigint) AS corrected,
           sum((tally->>'given_fen')::bigint) AS given_fen, sum((tally->>'taken_fen')::bigint) AS taken_fen,
           sum((tally->>'receivable_fen')::bigint) AS receivable_fen
    FROM step GROUP BY run_id
), fact AS (
    SELECT cause_id AS run_id, 'credit' AS kind, month AS period, policy_digest, min(psn_no) AS psn_no,
           count(*) FILTER (WHERE sequence = 1) AS credited, count(*) FILTER (WHERE sequence > 1) AS corrected,
           coalesce(sum(delta_fen) FILTER (WHERE delta_fen > 0), 0) AS given_fen,
           coalesce(-sum(delta_fen + receivable_fen) FILTER (WHERE delta_fen < 0), 0) AS taken_fen, sum(receivable_fen) AS receivable_fen
    FROM accounts_credit WHERE reason <> 'CREDITED_AFTER_EVENT' GROUP BY cause_id, month, policy_digest
    UNION ALL
    SELECT i.cause_id, 'interest', date_trunc('year', i.through_on)::date, i.policy_digest, min(i.psn_no), count(*), 0, sum(i.interest_fen), 0, 0
    FROM accounts_interest i
    WHERE NOT EXISTS (SELECT FROM accounts_case c WHERE c.psn_no = i.psn_no AND c.case_id = i.cause_id)
    GROUP BY i.cause_id, date_trunc('year', i.through_on), i.policy_digest
), run AS (
    SELECT r.run_id, r.kind, r.period, r.policy_digest, coalesce(t.credited, 0) AS credited, coalesce(t.corrected, 0) AS corrected,
           coalesce(t.given_fen, 0) AS given_fen, coalesce(t.taken_fen, 0) AS taken_fen, coalesce(t.receivable_fen, 0) AS receivable_fen
    FROM accounts_run r LEFT JOIN tally t ON t.run_id = r.run_id
)
SELECT '' AS psn_no, run_id AS fact_id, 'run_step' AS field, step_no || ' ' || through || ' ' || finished AS stored, position::text AS recomputed
FROM step s
WHERE step_no <> position OR goes_back OR (finished AND NOT is_last) OR NOT EXISTS (SELECT FROM accounts_run r WHERE r.run_id = s.run_id)
UNION ALL
SELECT coalesce(f.psn_no, ''), coalesce(r.run_id, f.run_id), 'run',
       concat_ws(' ', r.kind, r.period, r.credited, r.corrected, r.given_fen, r.taken_fen, r.receivable_fen),
       concat_ws(' ', f.kind, f.period, f.credited, f.corrected, f.given_fen, f.taken_fen, f.receivable_fen)
FROM run r FULL JOIN fact f ON f.run_id = r.run_id
WHERE r.run_id IS NULL
   OR f.run_id IS NOT NULL AND (r.kind, r.period, r.policy_digest) IS DISTINCT FROM (f.kind, f.period, f.policy_digest)
   OR (r.credited, r.corrected, r.given_fen, r.taken_fen, r.receivable_fen) IS DISTINCT FROM
      (coalesce(f.credited, 0), coalesce(f.corrected, 0), coalesce(f.given_fen, 0), coalesce(f.taken_fen, 0), coalesce(f.receivable_fen, 0))
LIMIT 1000
