import importlib.util
import runpy
import subprocess
import sys

import pytest

from config.launcher.addresses import ROOT

SCRIPT = str(ROOT / "leema")


def test_an_older_python_is_refused_in_a_sentence():
    code = f"import runpy, sys; sys.version_info = (3, 9, 2); runpy.run_path({SCRIPT!r})"

    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

    assert said.returncode == 1
    assert said.stderr.startswith("Leema needs Python 3.11 or newer; this is Python 3.9.")


def test_a_python_without_ensurepip_is_told_what_to_install(tmp_path, monkeypatch):
    make_venv = runpy.run_path(SCRIPT)["make_venv"]
    monkeypatch.setitem(make_venv.__globals__, "PYTHON", tmp_path / "no python")
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name: None if name == "ensurepip" else name
    )

    with pytest.raises(SystemExit) as refused:
        make_venv()

    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    assert f"sudo apt-get install python{version}-venv" in str(refused.value)


def test_an_environment_that_holds_the_lock_is_left_alone(tmp_path, monkeypatch):
    install = runpy.run_path(SCRIPT)["install"]
    ran = []
    monkeypatch.setitem(install.__globals__, "VENV", tmp_path)
    monkeypatch.setitem(install.__globals__, "make_venv", lambda: None)
    monkeypatch.setitem(install.__globals__, "run", lambda command, failure: ran.append(command))

    install("requirements.txt")
    install("requirements.txt")
    (tmp_path / "requirements.txt.sha256").write_text("of an older lock")
    install("requirements.txt")

    assert [command[-1].name for command in ran] == ["requirements.txt"] * 2


def test_it_can_be_run():
    assert (ROOT / "leema").stat().st_mode & 0o111 == 0o111
