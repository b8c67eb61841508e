"""Negotiations: what is to be settled, how good an offer is, what to propose next."""
