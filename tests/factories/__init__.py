"""Makes objects for tests, one module for each app."""
