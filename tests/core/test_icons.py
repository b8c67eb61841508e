"""The file of icons holds those that templates and code name."""

from __future__ import annotations

import runpy

from tests.architecture.sources import ROOT


def test_the_file_of_icons_is_up_to_date() -> None:
    script = runpy.run_path(str(ROOT / "scripts" / "icons.py"))
    text = script["SPRITE"].read_text()
    assert text == script["sprite"](script["named"]()), "run: python scripts/icons.py"
    assert '<symbol id="plus" viewBox="0 0 24 24"><path d="M12 4.5v15m7.5-7.5h-15" /></symbol>' in text
