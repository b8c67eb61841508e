"""Files: names that attack, kinds and sizes that are refused, and what is left on the disk."""

from datetime import date
from pathlib import Path

import pytest
import time_machine
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile

from activities.models import Attachment
from activities.services.attachments import add_attachment, check_file
from core.exceptions import RuleViolation
from core.files import safe_name, sweep_files


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("offer.pdf", "offer.pdf"),
        ("../../etc/passwd.txt", "passwd.txt"),
        ("..\\..\\windows\\win.ini.txt", "win.ini.txt"),
        ("/etc/cron.d/x.txt", "x.txt"),
        ("报价单.pdf", "报价单.pdf"),
        ("exe\u202efdp.txt", "exefdp.txt"),
        ("a\x00b\r\nSet-Cookie: x.txt", "abSet-Cookie_ x.txt"),
        ('"><script>alert(1)</script>.html', "script_.html"),
        ("...", "file"),
        ("", "file"),
        (".htaccess", "htaccess"),
        ("a" * 300 + ".pdf", "a" * 146 + ".pdf"),
        ("$(reboot).txt", "_(reboot).txt"),
    ],
)
def test_a_name_loses_what_could_hurt(given, shown) -> None:
    assert safe_name(given) == shown
    assert safe_name(shown) == shown


@pytest.mark.parametrize(
    ("name", "content_type"),
    [
        ("a.pdf", "application/pdf"),
        ("A.PNG", "image/png"),
        ("page.html", "application/octet-stream"),
        ("drawing.svg", "application/octet-stream"),
        ("feed.xml", "application/octet-stream"),
    ],
)
def test_the_type_follows_from_a_fixed_list(name, content_type) -> None:
    assert check_file(name, 1) == content_type


@pytest.mark.parametrize("name", ["a.exe", "a.pdf.exe", "a.js", "a.bat", "a", "htaccess", "a.php", "a.scr"])
def test_what_runs_is_refused(name) -> None:
    with pytest.raises(RuleViolation) as refused:
        check_file(name, 1)
    assert refused.value.code == "file_kind"


def test_empty_and_too_large_files_are_refused(settings) -> None:
    settings.ATTACHMENT_MAX_BYTES = 10
    assert check_file("a.txt", 10) == "text/plain"
    for size, code in ((0, "empty_file"), (11, "file_too_large")):
        with pytest.raises(RuleViolation) as refused:
            check_file("a.txt", size)
        assert refused.value.code == code


def test_a_file_is_stored_under_a_name_of_our_own_outside_the_web_root(seller, customer) -> None:
    file = SimpleUploadedFile("offer.txt", b"hello")
    kept = add_attachment(customer=customer, file=file, actor=seller).record
    path = Path(kept.file.path)
    assert path.is_relative_to(settings.MEDIA_ROOT)
    assert not path.is_relative_to(settings.STATIC_ROOT)
    assert "offer" not in str(path)
    assert path.suffix == ""
    assert path.read_bytes() == b"hello"
    assert path.stat().st_mode & 0o777 == 0o600
    assert (kept.name, kept.size, kept.author) == ("offer.txt", 5, seller)
    assert kept.sha256 == "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"


def test_the_sweep_removes_files_no_row_names_once_they_are_a_day_old(seller, customer) -> None:
    kept, lost = (
        add_attachment(customer=customer, file=SimpleUploadedFile("a.txt", b"a"), actor=seller).record
        for _time in range(2)
    )
    Attachment.objects.filter(pk=lost.pk).delete()
    sweep_files(date(2026, 3, 10))
    assert Path(lost.file.path).exists()
    with time_machine.travel("2037-01-01T00:00:00Z"):
        assert sweep_files(date(2037, 1, 1)) >= 1
    assert (Path(kept.file.path).exists(), Path(lost.file.path).exists()) == (True, False)
