SELECT max(recorded_at) FROM providers_change WHERE code = $1
