"""收费台: a clinic's or hospital's cashier settles what was ordered in a visit."""
