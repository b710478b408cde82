SELECT EXISTS (SELECT FROM providers_institution WHERE code = $1)
