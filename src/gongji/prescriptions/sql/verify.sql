-- What does not hang together: events without a sheet or with a gap, rows of no sheet, numbers of no sheet, signed files of no event.
SELECT e.psn_no, e.rx_id::text AS rx_no, 'rx_sheet' AS field, '无' AS stored, count(*)::text AS recomputed
FROM prescriptions_event e
WHERE NOT EXISTS (SELECT FROM prescriptions_prescription p WHERE p.psn_no = e.psn_no AND p.rx_id = e.rx_id)
GROUP BY e.psn_no, e.rx_id
UNION ALL
SELECT e.psn_no, e.rx_id::text, 'rx_events', count(*)::text, max(e.event_no)::text
FROM prescriptions_event e GROUP BY e.psn_no, e.rx_id HAVING count(*) <> max(e.event_no)
UNION ALL
SELECT c.psn_no, c.rx_id::text, 'rx_current', c.state, '无'
FROM prescriptions_current c
WHERE NOT EXISTS (SELECT FROM prescriptions_prescription p WHERE p.psn_no = c.psn_no AND p.rx_id = c.rx_id)
UNION ALL
SELECT coalesce(p.psn_no, n.psn_no), coalesce(p.rx_id, n.rx_id)::text, 'rx_number', n.hosp_rx_no, p.hosp_rx_no
FROM prescriptions_prescription p
FULL JOIN prescriptions_number n ON n.issuer = p.issuer AND n.hosp_rx_no = p.hosp_rx_no
WHERE n.rx_id IS DISTINCT FROM p.rx_id
UNION ALL
SELECT coalesce(d.psn_no, e.psn_no), coalesce(d.rx_id, e.rx_id)::text, 'rx_document', d.event_no::text, e.event_no::text
FROM prescriptions_document d
FULL JOIN (SELECT psn_no, rx_id, event_no FROM prescriptions_event WHERE verb = 'sign') AS e
    ON e.psn_no = d.psn_no AND e.rx_id = d.rx_id AND e.event_no = d.event_no
WHERE d.event_no IS NULL OR e.event_no IS NULL
LIMIT 1000
