"""Files for the reading tests, made on the fly; real ones from ``../shared/data``."""

from collections.abc import Callable
from pathlib import Path

import pytest

from core.importing.readers import ReadOptions, Table, open_table

SHARED = Path(__file__).resolve().parents[4] / "shared" / "data"


@pytest.fixture
def shared_file() -> Callable[[str], Path]:
    """Path of a real file, or a skip that says which one is missing."""

    def find(name: str) -> Path:
        path = SHARED / name
        if not path.exists():
            pytest.skip(f"the shared data file {name} is not on this machine")
        return path

    return find


@pytest.fixture
def table_of(tmp_path: Path) -> Callable[..., Table]:
    """Open bytes or text as a table."""

    def make(content: bytes | str, **options: object) -> Table:
        path = tmp_path / "upload.bin"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return open_table(path, options=ReadOptions(**options))  # type: ignore[arg-type]

    return make
