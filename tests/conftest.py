"""Fixtures that every suite uses."""

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.core.cache import cache
from django.utils import translation

from core.management.commands.compile_translations import compile_folder


def pytest_configure() -> None:
    """The compiled catalogues are not in the repository; tests read those of the present texts."""
    for folder in settings.LOCALE_PATHS:
        compile_folder(folder)


@pytest.fixture(autouse=True)
def clean_process_state() -> Iterator[None]:
    """No test sees the cache or the language another one left behind."""
    cache.clear()
    with translation.override("en"):
        yield
