-- The steps of every complaint in order: what verification walks through again.
SELECT c.complaint_id, c.kind, c.psn_no, coalesce(array_agg(s.step_no ORDER BY s.step_no) FILTER (WHERE s.step_no IS NOT NULL), '{}') AS numbers,
       coalesce(array_agg(s.action ORDER BY s.step_no) FILTER (WHERE s.step_no IS NOT NULL), '{}') AS actions,
       coalesce(array_agg(s.state ORDER BY s.step_no) FILTER (WHERE s.step_no IS NOT NULL), '{}') AS states
FROM supervision_complaint c LEFT JOIN supervision_step s ON s.complaint_id = c.complaint_id
GROUP BY c.complaint_id ORDER BY c.complaint_id
