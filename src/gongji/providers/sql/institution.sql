-- What the register says of the institution $1.
SELECT code, name, uscc, kind, hosp_lv, region, address FROM providers_institution WHERE code = $1
