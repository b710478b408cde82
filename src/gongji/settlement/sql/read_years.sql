SELECT psn_no, year, version, seq, head, benefits, acc, ceilings
FROM settlement_person_year WHERE psn_no = ANY($1::text[])
