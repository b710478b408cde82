"""医生站: identity and benefits, diagnoses and orders, prescriptions signed and circulated."""
