"""``make screenshots``: pictures of the main pages into docs/img, in both languages and widths.

Starts a copy of the product with the sample data in a directory of its own; nothing of the
developer's own data is touched. Names are page-language-width.png.
"""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "docs" / "img"
MOST_BYTES = 6_000_000
SIZES = {"wide": {"width": 1440, "height": 900}, "phone": {"width": 390, "height": 844}}
LANGUAGES = {"en": "English", "zh-hans": "Chinese"}
PAGES = {
    "today": "/",
    "customers": "/customers/",
    "customer": "{customer}",
    "board": "/customers/board/",
    "funnel": "/customers/funnel/",
    "contacts": "/contacts/",
    "tasks": "/tasks/",
    "orders": "/orders/",
    "import": "/imports/new/",
    "history": "/history/",
    "duplicates": "/duplicates/",
    "visibility": "/settings/visibility/",
}
#: Whose screen is shown; the settings belong to administrators.
WHO = {"visibility": "administrator"}


def main() -> int:
    """Take every picture; 1 when they are heavier than a repository should carry."""
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if not chromium:
        print("Chromium is needed: apt-get install chromium")
        return 1
    TARGET.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="guanxi-screenshots-") as folder:
        environment = prepare(Path(folder))
        port = free_port()
        server = start(environment, port)
        try:
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
                logins = json.loads((Path(folder) / "demo_logins.json").read_text(encoding="utf-8"))
                for language in LANGUAGES:
                    shoot(browser, f"http://localhost:{port}", logins, language)
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(15)
    total = sum(path.stat().st_size for path in TARGET.glob("*.png"))
    print(f"{total / 1e6:.1f} MB in {TARGET}")
    return 0 if total <= MOST_BYTES else 1


def prepare(var: Path) -> dict[str, str]:
    """A migrated, seeded copy with collected static files."""
    foreign = {"DATABASE_URL", "REDIS_URL", "DEBUG", "ALLOWED_HOSTS", "SECRET_KEY", "TLS"}
    environment = {key: value for key, value in os.environ.items() if key not in foreign}
    environment |= {"GUANXI_VAR": str(var), "LOG_LEVEL": "ERROR"}
    for command in (["migrate"], ["compile_translations"], ["collectstatic", "--noinput"], ["seed_demo"]):
        arguments = [sys.executable, "manage.py", *command, "--verbosity", "0"]
        subprocess.run(arguments, cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)
    return environment


def start(environment: dict[str, str], port: int) -> subprocess.Popen[bytes]:
    """gunicorn on that copy."""
    command = [sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}", "--threads", "4"]
    command += ["--no-control-socket", "--log-level", "warning", "crm_project.wsgi"]
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
    for _attempt in range(300):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return process
        time.sleep(0.1)
    raise SystemExit("The server did not start.")


def free_port() -> int:
    """A port nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def shoot(browser: Browser, base: str, logins: list[dict[str, str]], language: str) -> None:
    """All pages in one language."""
    for who in ("sales", "administrator"):
        context = browser.new_context(base_url=base, reduced_motion="reduce", color_scheme="light")
        page = context.new_page()
        names = {"sales": "sales (中文)"} if language != "en" else {}
        sign_in(page, next(login for login in logins if login["who"] == names.get(who, who)))
        choose_language(page, language)
        page.goto("/customers/?sort=-last_contacted_at")
        record = page.locator("main tbody th a").first.get_attribute("href") or "/"
        for name, path in PAGES.items():
            if WHO.get(name, "sales") != who:
                continue
            for size, viewport in SIZES.items():
                page.set_viewport_size(viewport)
                page.goto(path.format(customer=record), wait_until="networkidle")
                page.screenshot(path=TARGET / f"{name}-{language}-{size}.png")
        context.close()


def sign_in(page: Page, login: dict[str, str]) -> None:
    """Through the form, as a person would."""
    page.goto("/accounts/login/")
    page.locator("input[name=login]").fill(login["email"])
    page.locator("input[name=password]").fill(login["password"])
    page.locator("input[name=password]").press("Enter")
    page.wait_for_url(lambda url: "/login/" not in url)


def choose_language(page: Page, language: str) -> None:
    """The person's own setting."""
    page.goto("/profile/")
    page.locator("main [name=language]").first.select_option(language)
    page.locator("main form button.btn-primary").first.click()
    page.wait_for_load_state()


if __name__ == "__main__":
    raise SystemExit(main())
