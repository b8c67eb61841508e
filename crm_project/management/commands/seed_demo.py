"""Fill an empty copy with sample data."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from crm_project.demo.seed import is_empty, seed


class Command(BaseCommand):
    help = "Fill an empty copy with sample data that can be removed in one click."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--if-empty", action="store_true", help="say nothing where there is data already")

    def handle(self, *args: Any, **options: Any) -> None:
        if not is_empty():
            if options["if_empty"]:
                return
            raise CommandError("There is data here already; sample data only goes into an empty copy.")
        row = seed()
        self.stdout.write(f"Sample data: {row.total} records.")
