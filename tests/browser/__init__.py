"""The daily jobs in Chromium, against the product running in processes of its own."""
