"""Print the log-ins of the sample people."""

from typing import Any

from django.core.management.base import BaseCommand

from crm_project.demo.people import logins


class Command(BaseCommand):
    help = "Print a log-in for each role of the sample data."

    def handle(self, *args: Any, **options: Any) -> None:
        for login in logins():
            self.stdout.write(f"  {login['who']:<22} {login['email']:<28} {login['password']}")
