SELECT prescriptions_advance($1::text::jsonb)
