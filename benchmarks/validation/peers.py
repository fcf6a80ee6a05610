"""The peers' own environment, and one measured process for each contestant."""

import json
import os
import shutil
import statistics
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
REQUIREMENTS = ROOT / "benchmarks" / "requirements.txt"
HOME = ROOT / "benchmarks" / ".venv"
CONTESTANTS = Path(__file__).with_name("contestants.py")
QUIET = {
    "POLARS_VERBOSE": "0",
    "GX_ANALYTICS_ENABLED": "false",
    "PYTHONWARNINGS": "ignore",
    "DISABLE_PANDERA_IMPORT_WARNING": "True",
}


def environment() -> Path:
    """The python that has the peers; installed on first use, and again when their list changes."""
    python, installed = HOME / "bin" / "python", HOME / "installed.txt"
    if not installed.exists() or installed.read_bytes() != REQUIREMENTS.read_bytes():
        shutil.rmtree(HOME, ignore_errors=True)
        venv.create(HOME, with_pip=True)
        pip = [python, "-m", "pip", "--disable-pip-version-check", "install", "--quiet", "--require-hashes"]
        subprocess.run([*pip, "-r", REQUIREMENTS], check=True)
        shutil.copy(REQUIREMENTS, installed)
    return python


def versions(python: Path) -> str:
    """The versions that are compared, in one line."""
    names = ["pandas", "numpy", "pyarrow", "polars", "pandera", "great_expectations", "fastexcel", "openpyxl"]
    code = f"from importlib.metadata import version as v; print(', '.join(n + ' ' + v(n) for n in {names}))"
    return subprocess.run([python, "-c", code], check=True, capture_output=True, text=True).stdout.strip()


def run(command: list, **more) -> dict:
    """The answer of one process: its last line is JSON."""
    done = subprocess.run(
        command, cwd=ROOT, env=os.environ | QUIET | more, check=False, capture_output=True, text=True
    )
    if done.returncode:
        raise SystemExit(f"{command[1:4]} failed:\n{done.stderr[-2000:]}")
    return json.loads(done.stdout.splitlines()[-1])


def peer(name: str, file: Path, currencies) -> dict:
    return run([str(environment()), str(CONTESTANTS), name, str(file), json.dumps(list(currencies))])


def product(file: Path) -> dict:
    return run([sys.executable, "-m", "benchmarks.validation.product", str(file)])


def medians(answers: list[dict]) -> dict:
    """The median of every number of several runs; texts have to be the same in all."""
    found = {}
    for name, first in answers[0].items():
        values = [one[name] for one in answers]
        if isinstance(first, str):
            if set(values) != {first}:
                raise SystemExit(f"{name} differs from run to run")
            found[name] = first
        else:
            found[name] = statistics.median(values)
    found["spread"] = max(one["cpu"] for one in answers) / min(one["cpu"] for one in answers)
    return found
