"""Analytics: what purchases say about customers, and what to expect of them."""
