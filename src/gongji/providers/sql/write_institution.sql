-- An institution enters the register, or appears there as its newest agreement states it.
INSERT INTO providers_institution (code, name, uscc, kind, hosp_lv, region, address) VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (code) DO UPDATE SET name = excluded.name, uscc = excluded.uscc, hosp_lv = excluded.hosp_lv,
    region = excluded.region, address = excluded.address
