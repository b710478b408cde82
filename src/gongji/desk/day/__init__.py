"""A counter's day (当日交易): what was sent and sold, refunds, lost answers, closing of shifts, comparison with the platform."""
