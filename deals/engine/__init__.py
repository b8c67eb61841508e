"""The mathematics of sales: pure functions, numbers in, frozen results out."""
