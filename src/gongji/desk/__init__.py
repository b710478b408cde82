"""Desk (工作站): the workstations of clinics and pharmacies; each is a client of the interface (decision 0020)."""
