"""The Django admin of sales."""

from deals.admin import (  # noqa: F401  registers the models
    contracts,
    deals,
    orders,
    pipelines,
    products,
    quotes,
    rates,
    targets,
)
