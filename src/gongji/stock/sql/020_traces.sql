-- The registry of settled trace codes (药品追溯码). Its key is the code, not the person, because it is to stop two persons and
-- two institutions as well as one (docs/adr/0017). Uses (kind 1) and frees (kind -1, of use frees_no) are numbered by code;
-- who writes number n + 1 has seen number n: of two at once the primary key lets one win.
CREATE TABLE stock_trace_use (
    code          text     NOT NULL,
    use_no        integer  NOT NULL CHECK (use_no >= 1),
    kind          smallint NOT NULL CHECK (kind IN (1, -1)),
    frees_no      integer  CHECK (frees_no < use_no),
    institution   text     NOT NULL,
    item          text     NOT NULL,
    split         boolean  NOT NULL,
    quantity_e4   bigint   NOT NULL,
    capacity_e4   bigint   NOT NULL CHECK (capacity_e4 >= 0),
    psn_no        text     NOT NULL,
    settlement_id bigint   NOT NULL,
    line_key      text     NOT NULL,
    PRIMARY KEY (code, use_no),
    CHECK ((kind = -1) = (frees_no IS NOT NULL))
);
CREATE INDEX stock_trace_use_settlement ON stock_trace_use (settlement_id);
CREATE UNIQUE INDEX stock_trace_use_freed ON stock_trace_use (code, frees_no) WHERE frees_no IS NOT NULL;

CREATE TRIGGER stock_trace_use_append_only BEFORE UPDATE OR DELETE ON stock_trace_use
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
REVOKE UPDATE, DELETE, TRUNCATE ON stock_trace_use FROM PUBLIC;

-- Uses in force: settled, and not freed by a refund.
CREATE VIEW stock_v_trace_use AS
SELECT u.code, u.use_no, u.institution, u.item, u.split, u.quantity_e4, u.capacity_e4, u.psn_no, u.settlement_id, u.line_key
FROM stock_trace_use u
WHERE u.kind = 1
  AND NOT EXISTS (SELECT FROM stock_trace_use f WHERE f.code = u.code AND f.frees_no = u.use_no);

-- Inside settle_batch: every row {code, split, quantity_e4, capacity_e4, item, institution, psn_no, settlement_id, line_key} is a
-- use. A whole pack is used once; a split one at one institution for one item, up to its content where that is known
-- (capacity_e4 > 0). 40001: somebody used a code since it was read, or two of the batch want the same; the persons who are to
-- read again are in DETAIL, nothing is written. Codes are taken in order, so that two batches wait for each other in one
-- direction only; what is seen and what is numbered is one statement, so that nobody slips between.
CREATE FUNCTION stock_use_traces(p_rows jsonb) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    stale text;
BEGIN
    WITH sent AS (
        SELECT r.code, coalesce(r.split, false) AS split, r.quantity_e4, coalesce(r.capacity_e4, 0) AS capacity_e4, r.item,
               r.institution, r.psn_no, r.settlement_id, r.line_key
        FROM jsonb_to_recordset(p_rows) AS r(code text, split boolean, quantity_e4 bigint, capacity_e4 bigint, item text,
             institution text, psn_no text, settlement_id bigint, line_key text)
    ), wanted AS MATERIALIZED (
        SELECT s.*, row_number() OVER earlier AS nth, sum(s.quantity_e4) OVER earlier AS together_e4,
               bool_and(s.split) OVER code AND min(s.institution) OVER code = max(s.institution) OVER code
               AND min(s.item) OVER code = max(s.item) OVER code AS alike
        FROM sent s
        WINDOW code AS (PARTITION BY s.code), earlier AS (PARTITION BY s.code ORDER BY s.settlement_id, s.line_key
                                                          ROWS UNBOUNDED PRECEDING)
    ), known AS MATERIALIZED (
        SELECT u.code, max(u.use_no) AS last_no, count(*) FILTER (WHERE held.yes) AS uses,
               bool_and(u.split) FILTER (WHERE held.yes) AS split,
               min(u.institution) FILTER (WHERE held.yes) AS institution, max(u.institution) FILTER (WHERE held.yes) AS other,
               min(u.item) FILTER (WHERE held.yes) AS item, max(u.item) FILTER (WHERE held.yes) AS other_item,
               coalesce(sum(u.quantity_e4) FILTER (WHERE held.yes), 0) AS used_e4
        FROM stock_trace_use u
        CROSS JOIN LATERAL (
            SELECT u.kind = 1 AND NOT EXISTS (SELECT FROM stock_trace_use f
                                              WHERE f.code = u.code AND f.frees_no = u.use_no) AS yes
            OFFSET 0  -- asked once a row
        ) AS held
        WHERE u.code = ANY (ARRAY(SELECT w.code FROM wanted w))
        GROUP BY u.code
    ), judged AS MATERIALIZED (
        SELECT w.*, coalesce(k.last_no, 0) + w.nth AS use_no,
               (w.nth > 1 AND NOT w.alike)
               OR (coalesce(k.uses, 0) > 0
                   AND NOT (w.split AND k.split AND k.institution = w.institution AND k.other = w.institution
                            AND k.item = w.item AND k.other_item = w.item))
               OR (w.split AND w.capacity_e4 > 0 AND coalesce(k.used_e4, 0) + w.together_e4 > w.capacity_e4) AS denied
        FROM wanted w
        LEFT JOIN known k ON k.code = w.code
    ), inserted AS (
        INSERT INTO stock_trace_use (code, use_no, kind, institution, item, split, quantity_e4, capacity_e4, psn_no,
                                     settlement_id, line_key)
        SELECT j.code, j.use_no, 1, j.institution, j.item, j.split, j.quantity_e4, j.capacity_e4, j.psn_no, j.settlement_id,
               j.line_key
        FROM judged j WHERE NOT j.denied
        ORDER BY j.code, j.use_no
        ON CONFLICT DO NOTHING
        RETURNING code, use_no
    )
    SELECT string_agg(DISTINCT j.psn_no, ',') INTO stale
    FROM judged j
    WHERE NOT EXISTS (SELECT FROM inserted i WHERE i.code = j.code AND i.use_no = j.use_no);
    IF stale IS NOT NULL THEN
        RAISE EXCEPTION 'trace codes have been used' USING ERRCODE = 'serialization_failure', DETAIL = stale;
    END IF;
END;
$$;

-- Inside settle_batch, before stock_use_traces: a refund frees the codes of the settlement that it takes back; rows
-- {psn_no, settlement_id (the one taken back), freed_by (the refund's id)}. 40001 as above. A settlement without codes, or
-- freed before, frees nothing.
CREATE FUNCTION stock_free_traces(p_rows jsonb) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    stale text;
BEGIN
    WITH refund AS MATERIALIZED (
        SELECT r.psn_no, r.settlement_id, r.freed_by
        FROM jsonb_to_recordset(p_rows) AS r(psn_no text, settlement_id bigint, freed_by bigint)
    ), freed AS MATERIALIZED (
        SELECT h.code, h.use_no AS frees_no, h.institution, h.item, h.split, h.quantity_e4, h.capacity_e4, h.psn_no,
               r.freed_by, h.line_key,
               (SELECT max(u.use_no) FROM stock_trace_use u WHERE u.code = h.code)
               + row_number() OVER (PARTITION BY h.code ORDER BY h.use_no) AS use_no
        FROM refund r
        JOIN stock_v_trace_use h ON h.settlement_id = r.settlement_id AND h.psn_no = r.psn_no
    ), inserted AS (
        INSERT INTO stock_trace_use (code, use_no, kind, frees_no, institution, item, split, quantity_e4, capacity_e4, psn_no,
                                     settlement_id, line_key)
        SELECT f.code, f.use_no, -1, f.frees_no, f.institution, f.item, f.split, f.quantity_e4, f.capacity_e4, f.psn_no,
               f.freed_by, f.line_key
        FROM freed f
        ORDER BY f.code, f.use_no
        ON CONFLICT DO NOTHING
        RETURNING code, use_no
    )
    SELECT string_agg(DISTINCT f.psn_no, ',') INTO stale
    FROM freed f
    WHERE NOT EXISTS (SELECT FROM inserted i WHERE i.code = f.code AND i.use_no = f.use_no);
    IF stale IS NOT NULL THEN
        RAISE EXCEPTION 'trace codes have moved' USING ERRCODE = 'serialization_failure', DETAIL = stale;
    END IF;
END;
$$;
