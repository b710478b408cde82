-- Bindings of these persons are made one after the other: what one transaction checked, no other changes meanwhile.
SELECT pg_advisory_xact_lock(hashtextextended('family:' || psn_no, 0)) FROM unnest($1::text[]) AS p(psn_no) ORDER BY psn_no
