"""The Django admin of sales."""

from deals.admin import (  # noqa: F401  registers the models
    contracts,
    deals,
    orders,
    people,
    pipelines,
    products,
    quotes,
    rates,
    targets,
)
