"""Cases of the insured side: people with dated facts, and what members, accounts, settlement and claims decide about them."""
