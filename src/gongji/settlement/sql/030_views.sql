-- What everybody else reads: the compact facts, unnested and named. Positions are those of gongji.kernel.layout, from 1.

CREATE VIEW settlement_v_settlement AS
SELECT f.psn_no, f.settlement_id, f.kind, f.original_id, undone.settlement_id AS reversed_by,
       f.year, f.seq, f.service_on, f.received_at, f.settled_at, f.caller, f.infno, f.msgid, f.provider, f.place_kind,
       f.visit_id, f.group_id, f.batch_no, f.med_type, f.invoice_no, f.region, f.benefit, f.refusal, f.ratio_bp,
       f.waterfall[1] AS total_fen, f.waterfall[2] AS full_selfpay_fen, f.waterfall[3] AS over_limit_fen,
       f.waterfall[4] AS prepay_fen, f.waterfall[5] AS chronic_fee_fen, f.waterfall[6] AS chronic_pay_fen,
       f.waterfall[7] AS in_scope_fen, f.waterfall[9] AS deductible_fen, f.waterfall[10] AS base_fen,
       f.waterfall[13] AS pool_fen, f.waterfall[14] AS cap_shortfall_fen, f.waterfall[15] AS personal_fen,
       f.waterfall[17] AS account_fen, f.waterfall[18] AS mutual_fen, f.waterfall[19] AS cash_fen,
       encode(f.policy_digest, 'hex') AS policy_digest, f.kernel_version, encode(f.hash, 'hex') AS hash,
       f.options & 16 <> 0 AS claim
FROM settlement_fact f
LEFT JOIN settlement_fact undone ON undone.psn_no = f.psn_no AND undone.original_id = f.settlement_id
WHERE f.kind <> 0;

-- Accumulators that another system handed over; not settlements of this one.
CREATE VIEW settlement_v_opening AS
SELECT f.psn_no, f.settlement_id, f.year, f.benefit, f.msgid AS source, f.settled_at AS opened_at,
       f.waterfall[9] AS deductible_fen, f.waterfall[7] AS in_scope_fen, f.waterfall[13] AS pool_fen
FROM settlement_fact f
WHERE f.kind = 0;

-- Fee lines with their split; amounts of a reversal are negative.
CREATE VIEW settlement_v_line AS
SELECT f.psn_no, f.settlement_id, i AS position, f.kind, f.provider, f.visit_id, f.batch_no, f.service_on, f.settled_at,
       f.line_texts[5 * i - 4] AS key, f.line_texts[5 * i - 3] AS item, f.line_texts[5 * i - 2] AS name,
       f.line_texts[5 * i - 1] AS item_kind, nullif(f.line_texts[5 * i], '') AS reason,
       f.kind * f.lines[4 * i - 3] AS amount_fen, nullif(f.lines[4 * i - 2], -1) AS standard_fen,
       f.lines[4 * i - 1] AS treat, f.lines[4 * i] AS flags,
       f.splits[4 * i - 3] AS full_selfpay_fen, f.splits[4 * i - 2] AS over_limit_fen,
       f.splits[4 * i - 1] AS prepay_fen, f.splits[4 * i] AS in_scope_fen
FROM settlement_fact f
CROSS JOIN LATERAL generate_series(1, cardinality(f.lines) / 4) AS i
WHERE f.kind <> 0;

-- Who paid: pool, chronic pool, own account, each relative's account, cash.
CREATE VIEW settlement_v_fund AS
SELECT f.psn_no, f.settlement_id, f.kind, f.provider, f.place_kind, f.region, f.benefit, f.service_on, f.settled_at,
       paid.source, paid.owner, paid.amount_fen, f.options & 16 <> 0 AS claim
FROM settlement_fact f
CROSS JOIN LATERAL (
    VALUES ('pool', '', f.waterfall[13]), ('chronic', '', f.waterfall[6]),
           ('account', f.psn_no, f.waterfall[17]), ('cash', f.psn_no, f.waterfall[19])
    UNION ALL
    SELECT 'mutual', member.owner, member.amount_fen
    FROM unnest(f.family, f.family_drawn) AS member(owner, amount_fen)
) AS paid(source, owner, amount_fen)
WHERE f.kind <> 0 AND paid.amount_fen <> 0;
