"""How quick the product is: ``make bench``. See docs/benchmarks.md."""
