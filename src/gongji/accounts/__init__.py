"""Accounts (个人账户): balances, and the append-only entries that they are the sum of."""
