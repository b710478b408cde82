-- Until when an application of the institution $1 (uniform number $2) or of the representative $3 is not accepted on the day $4,
-- by decisions that were confirmed; a later decision about the same agreement replaces an earlier one.
WITH decided AS (
    SELECT DISTINCT ON (s.code, s.dossier_id) d.code, d.uscc, d.representative_index,
           (s.content -> 'decision' ->> 'barred_until')::date AS barred_until,
           (s.content -> 'decision' ->> 'representative_barred_until')::date AS representative_barred_until
    FROM providers_step s JOIN providers_dossier d ON d.code = s.code AND d.dossier_id = s.dossier_id
    WHERE (s.action = 'confirm' AND s.content -> 'decision' ->> 'kind' IN ('terminate', 'bar')) OR s.action = 'reject_application'
    ORDER BY s.code, s.dossier_id, s.step_no DESC
)
SELECT max(until) FROM (
    SELECT barred_until AS until FROM decided WHERE code = $1 OR (uscc <> '' AND uscc = $2)
    UNION ALL
    SELECT representative_barred_until FROM decided WHERE representative_index = $3
) AS bars WHERE until >= $4
