"""The product's own settings plus the floor page and a way to count queries."""

from crm_project.settings import *  # noqa: F403
from crm_project.settings import BASE_DIR, MIDDLEWARE, TEMPLATES

# The floor has the transport every page needs (headers, compression) and nothing about people.
_people = MIDDLEWARE.index("django.contrib.sessions.middleware.SessionMiddleware")
MIDDLEWARE = [
    "bench.middleware.QueryCountMiddleware",
    *MIDDLEWARE[:_people],
    "bench.middleware.FloorMiddleware",
    *MIDDLEWARE[_people:],
]
TEMPLATES = [{**TEMPLATES[0], "DIRS": [*TEMPLATES[0]["DIRS"], BASE_DIR / "bench" / "templates"]}]
