"""Who gets what at which address: every URL has a row in `table.py`."""
