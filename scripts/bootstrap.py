"""Makes ``.venv`` and installs the pinned requirements; a second run finds a stamp and does nothing.

Needs only Python's standard library. ``--dev`` installs what the tests need as well.
Written so that an old Python can still read it and say what is wrong.
"""

import hashlib
import os
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(ROOT, ".venv")
BIN = os.path.join(VENV, "Scripts" if os.name == "nt" else "bin")
PYTHON = os.path.join(BIN, "python")
MINIMUM = (3, 11)


def main(arguments):
    """Bring the virtual environment up to date."""
    if sys.version_info < MINIMUM:
        return (
            "Guanxi needs Python 3.11 or newer; this is %d.%d. Try: make run PYTHON=python3.11"
            % (sys.version_info[:2])
        )
    kinds = ["runtime", "dev"] if "--dev" in arguments else ["runtime"]
    if all(is_current(kind) for kind in kinds):
        return None
    if not os.path.exists(PYTHON):
        print("Making the virtual environment in .venv ...", flush=True)
        if subprocess.call([sys.executable, "-m", "venv", VENV]) != 0:
            return "Cannot make a virtual environment. On Debian and Ubuntu: apt-get install python3-venv"
    print("Installing the pinned requirements (%s) ..." % kinds[-1], flush=True)
    if not install(requirements(kinds[-1])):
        return "The requirements could not be installed; the lines above say why (network?)."
    for kind in kinds:
        with open(stamp_path(kind), "w") as file:
            file.write(stamp(kind))
    return None


def requirements(kind):
    """The lock file of a kind."""
    return os.path.join(ROOT, "requirements.txt" if kind == "runtime" else "requirements-dev.txt")


def stamp_path(kind):
    """Where the mark of a finished installation stands."""
    return os.path.join(VENV, ".installed-" + kind)


def stamp(kind):
    """What the mark says: the lock file and the Python it was installed for."""
    with open(requirements(kind), "rb") as file:
        content = file.read()
    return hashlib.sha256(content + sys.version.encode()).hexdigest()


def is_current(kind):
    """Whether exactly this lock file is installed already."""
    try:
        with open(stamp_path(kind)) as file:
            return file.read() == stamp(kind) and os.path.exists(PYTHON)
    except OSError:
        return False


def install(path):
    """Install a lock file with uv, which is quick, or with pip where uv cannot be had."""
    quiet = ["--quiet", "--disable-pip-version-check"]
    has_uv = subprocess.call([PYTHON, "-m", "pip", "install", "uv"] + quiet) == 0
    if has_uv:
        uv = [PYTHON, "-m", "uv", "pip", "install", "--python", PYTHON, "--quiet", "-r", path]
        if subprocess.call(uv) == 0:
            return True
        print("uv did not succeed; trying pip ...", flush=True)
    return subprocess.call([PYTHON, "-m", "pip", "install", "-r", path] + quiet) == 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
