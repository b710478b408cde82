-- Months whose last finished run has not seen something: contributions recorded since, relations that hold in the month other than they
-- did, deaths before it. By month and region of the run, with the number of members concerned.
WITH run AS (
    SELECT DISTINCT ON (r.period, r.region) r.period AS month, r.region, r.started_at,
           daterange(r.period, (r.period + interval '1 month')::date) AS days
    FROM accounts_run r
    WHERE r.kind = 'credit' AND EXISTS (SELECT FROM accounts_run_step s WHERE s.run_id = r.run_id AND s.finished)
    ORDER BY r.period, r.region, r.started_at DESC
), change AS (
    SELECT c.psn_no, c.part, c.recorded_at, c.content AS now, was.content AS was,
           daterange((c.content->>'from_on')::date, (c.content->>'until_on')::date, '[]') AS days_now,
           daterange((was.content->>'from_on')::date, (was.content->>'until_on')::date, '[]') AS days_was
    FROM members_change c
    LEFT JOIN members_change was
        ON was.psn_no = c.psn_no AND was.part = c.part AND was.spell_no = c.spell_no AND was.revision = c.revision - 1
    WHERE c.part IN ('person', 'relation') AND c.recorded_at > (SELECT min(started_at) FROM run)
), concerned AS (
    SELECT run.month, run.region, c.psn_no
    FROM run JOIN members_contribution c ON c.month = run.month AND c.recorded_at > run.started_at
    UNION
    SELECT run.month, run.region, c.psn_no
    FROM run JOIN change c ON c.recorded_at > run.started_at AND c.part = 'person'
        AND ((c.now->>'died_on')::date < run.month) IS DISTINCT FROM ((c.was->>'died_on')::date < run.month)
        AND coalesce((c.now->>'died_on')::date < run.month, (c.was->>'died_on')::date < run.month)
    UNION
    SELECT run.month, run.region, c.psn_no
    FROM run JOIN change c ON c.recorded_at > run.started_at AND c.part = 'relation'
        AND (c.now IS NOT NULL AND c.days_now && run.days OR c.was IS NOT NULL AND c.days_was && run.days)
        AND (c.now IS NULL OR c.was IS NULL OR c.days_now * run.days <> c.days_was * run.days
             OR c.now - 'from_on' - 'until_on' <> c.was - 'from_on' - 'until_on')
)
SELECT month, region, count(*) AS persons
FROM concerned c
WHERE region = 'CN' OR EXISTS (SELECT FROM members_relation r WHERE r.psn_no = c.psn_no AND r.region LIKE c.region || '%')
   OR EXISTS (SELECT FROM accounts_credit l WHERE l.psn_no = c.psn_no AND l.month = c.month AND l.region LIKE c.region || '%')
GROUP BY month, region ORDER BY month, region
