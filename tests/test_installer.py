"""The two commands of the README on a machine that lacks this or that."""

from __future__ import annotations

import ast
import base64
import hashlib
import importlib
import os
import re
import runpy
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent
INSTALLER = ROOT / "installer"


@pytest.fixture(scope="module")
def machine() -> Iterator[ModuleType]:
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(INSTALLER))
        yield importlib.import_module("machine")


@pytest.fixture(scope="module")
def environment(machine: ModuleType) -> ModuleType:
    return importlib.import_module("environment")


@pytest.fixture(scope="module")
def checks(environment: ModuleType) -> ModuleType:
    return importlib.import_module("checks")


def bootstrap(*arguments: str, **surroundings: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(INSTALLER / "bootstrap.py"), *arguments],
        env={"PATH": os.environ["PATH"], **surroundings},
        capture_output=True,
        text=True,
        check=False,
    )


# Said before anything is done


def test_an_old_python_is_told_so_in_one_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 10, 13))
    with pytest.raises(SystemExit) as stopped:
        runpy.run_path(str(INSTALLER / "bootstrap.py"), run_name="__main__")
    assert stopped.value.code == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_the_first_file_can_be_read_by_old_pythons() -> None:
    ast.parse((INSTALLER / "bootstrap.py").read_text(encoding="utf-8"), feature_version=(3, 4))


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has a screen")
def test_without_a_screen_run_says_what_to_do() -> None:
    told = bootstrap("run")
    assert (told.returncode, told.stdout, told.stderr.count("\n")) == (3, "", 1)
    assert "desktop session" in told.stderr


@pytest.mark.parametrize("arguments", [(), ("fly",), ("test", "--fast"), ("setup", "here")])
def test_wrong_use_is_named_and_changes_nothing(arguments: tuple[str, ...]) -> None:
    told = bootstrap(*arguments)
    assert told.returncode == 2
    assert "usage" in told.stderr
    assert "Traceback" not in told.stderr


# The system's libraries


def test_a_library_that_cannot_be_loaded_is_missing(machine: ModuleType) -> None:
    libc = {"libc.so.6": "libc6"} if sys.platform == "linux" else {}
    nowhere = {"libnowhere.so.9": "libnowhere9"}
    assert machine.missing_libraries({**libc, **nowhere}) == ({} if sys.platform == "win32" else nowhere)


@pytest.fixture
def apt_get(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Put an apt-get on the path that writes down how it is called, and knows no package named nonsense."""
    if sys.platform == "win32":
        pytest.skip("Windows brings its libraries along")
    calls = tmp_path / "calls"
    program = tmp_path / "apt-get"
    program.write_text(
        f'#!/bin/sh\necho "$@" >> {calls}\n'
        'case "$*" in update) exit 100;; *nonsense*) echo "E: no nonsense"; exit 100;; esac\n'
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    return calls


def test_root_on_debian_gets_what_is_missing_installed(
    machine: ModuleType, apt_get: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    machine.provide({"libGL.so.1": "libgl1", "libGLX.so.0": "libgl1", "libEGL.so.1": "libegl1"})
    assert apt_get.read_text().splitlines() == ["update", "install -y --no-install-recommends libgl1 libegl1"]


def test_root_reads_why_a_package_could_not_be_installed(
    machine: ModuleType, apt_get: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    with pytest.raises(machine.Halt, match="E: no nonsense") as halt:
        machine.provide({"libnonsense.so.1": "nonsense"})
    assert halt.value.code == 3


def test_anybody_else_gets_the_one_line_that_does_it(
    machine: ModuleType, apt_get: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(machine.Halt) as halt:
        machine.provide({"ensurepip": "python3.11-venv", "libGL.so.1": "libgl1"})
    assert halt.value.code == 3
    assert str(halt.value).splitlines()[1:] == [
        "  sudo apt-get install -y --no-install-recommends python3.11-venv libgl1"
    ]
    assert not apt_get.exists()


# The environment: a small project that installs in the same way


def _wheel(folder: Path, name: str, files: dict[str, str]) -> Path:
    """Write a wheel of version 1 and return it."""
    about = f"{name}-1.dist-info"
    files = {
        **files,
        f"{about}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 1\n",
        f"{about}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = "".join(
        f"{path},sha256={base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b'=').decode()},\n"
        for path, text in files.items()
    )
    wheel = folder / f"{name}-1-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        for path, text in {**files, f"{about}/RECORD": f"{record}{about}/RECORD,,\n"}.items():
            archive.writestr(path, text)
    return wheel


def _pin(wheel: Path) -> str:
    return f"{wheel.name.split('-')[0]}==1 --hash=sha256:{hashlib.sha256(wheel.read_bytes()).hexdigest()}\n"


# A build backend in one wheel: all that an editable installation asks of setuptools.
_BACKEND = """
import zipfile
from collections.abc import Iterator

def build_editable(folder, config_settings=None, metadata_directory=None):
    about = "counterapp-1.dist-info/"
    with zipfile.ZipFile(folder + "/counterapp-1-py3-none-any.whl", "w") as archive:
        archive.writestr(about + "METADATA", "Metadata-Version: 2.1\\nName: counterapp\\nVersion: 1\\n")
        archive.writestr(about + "WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
        archive.writestr(about + "entry_points.txt", "[console_scripts]\\ncounterapp = goods:hello\\n")
        archive.writestr(about + "RECORD", "")
    return "counterapp-1-py3-none-any.whl"
"""


@pytest.fixture(scope="module")
def standing(environment: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Make the environment of a project whose lock names two wheels that lie beside it; the network is shut out."""
    folder = tmp_path_factory.mktemp("installer")
    goods = _wheel(folder, "goods", {"goods.py": "def hello():\n    print('the counter is open')\n"})
    backend = _wheel(folder, "backend", {"backend.py": _BACKEND})
    root = folder / "project"
    root.mkdir()
    (root / "pyproject.toml").write_text('[build-system]\nrequires = ["backend"]\nbuild-backend = "backend"\n')
    (root / "requirements.lock").write_text(_pin(goods) + _pin(backend))
    (root / "requirements-dev.lock").write_text(_pin(goods) + _pin(backend))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PIP_NO_INDEX", "1")
        patch.setenv("PIP_FIND_LINKS", str(folder))
        made = environment.Environment(root)
        assert made.ensure(environment.RUNTIME)
        yield made


@pytest.fixture
def made(standing: Any) -> Iterator[Any]:
    """The environment as it was made, whatever the test before did to its locks and its stamp."""
    before = {path: path.read_bytes() for path in (*standing.root.glob("*.lock"), *standing.folder.glob("*.json"))}
    yield standing
    for path, content in before.items():
        path.write_bytes(content)


def _opens(made: Any) -> str:
    return subprocess.run([made.program("counterapp")], capture_output=True, text=True, check=True).stdout


def test_a_whole_environment_opens_the_program_and_is_left_alone(environment: ModuleType, made: Any) -> None:
    assert _opens(made) == "the counter is open\n"
    assert not made.ensure(environment.RUNTIME)


def test_the_tools_come_on_top_and_run_needs_nothing_more_then(environment: ModuleType, made: Any) -> None:
    witness = made.folder / "witness"
    witness.touch()
    assert not made.holds(environment.DEVELOPMENT)
    assert made.ensure(environment.DEVELOPMENT)
    assert made.holds(environment.DEVELOPMENT)
    assert made.holds(environment.RUNTIME)
    assert witness.exists()


def test_an_environment_killed_while_it_was_made_is_made_anew(environment: ModuleType, made: Any) -> None:
    """A package is half there, pip believes it installed, and the stamp is missing."""
    witness = made.folder / "witness"
    witness.touch()
    (made.folder / "counterapp-setup.json").unlink()
    next(made.folder.rglob("goods.py")).unlink()
    assert made.ensure(environment.RUNTIME)
    assert _opens(made) == "the counter is open\n"
    assert not witness.exists()


def test_an_environment_in_a_folder_that_was_moved_is_not_trusted(environment: ModuleType, made: Any) -> None:
    """Its programs still point to where it was."""
    elsewhere = made.root.rename(made.root.with_name("elsewhere"))
    assert not environment.Environment(elsewhere).holds(environment.RUNTIME)
    elsewhere.rename(made.root)
    assert made.holds(environment.RUNTIME)


def test_a_package_other_than_the_locked_one_is_not_installed(
    machine: ModuleType, environment: ModuleType, made: Any
) -> None:
    wheel = _wheel(made.root.parent, "surprise", {"surprise.py": ""})
    lock = made.root / "requirements.lock"
    lock.write_text(lock.read_text() + _pin(wheel))
    wheel.write_bytes(wheel.read_bytes() + b"more")
    with pytest.raises(machine.Halt, match="not the one the lock names") as halt:
        made.ensure(environment.RUNTIME)
    assert halt.value.code == 4
    assert not list(made.folder.rglob("surprise.py"))
    assert not made.holds(environment.RUNTIME)


def test_without_the_network_the_sentence_says_so(
    machine: ModuleType, environment: ModuleType, made: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock = made.root / "requirements.lock"
    lock.write_text(lock.read_text() + f"far-away==1 --hash=sha256:{'0' * 64}\n")
    monkeypatch.delenv("PIP_NO_INDEX")
    monkeypatch.delenv("PIP_FIND_LINKS")
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/")
    monkeypatch.setenv("PIP_RETRIES", "1")
    with pytest.raises(machine.Halt, match="does not answer"):
        made.ensure(environment.RUNTIME)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device here that is always full")
def test_a_full_disk_is_called_a_full_disk(machine: ModuleType, environment: ModuleType, made: Any) -> None:
    lock = made.root / "requirements.lock"
    lock.write_text(lock.read_text() + "\n")
    log = made.folder / "setup.log"
    log.unlink()
    log.symlink_to("/dev/full")
    with pytest.raises(machine.Halt, match="disk is full"):
        made.ensure(environment.RUNTIME)
    log.unlink()


# The checks


def test_every_check_runs_and_the_tests_count_stands_in_the_end(
    checks: ModuleType, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    says = [sys.executable, "-c"]
    steps = [
        checks.Check("first", [*says, "print('one finding'); raise SystemExit(1)"]),
        checks.Check("absent", [tmp_path / "no-such-program"]),
        checks.Check("tests", [*says, "print('7 passed in 1.00s')"]),
    ]
    assert checks.run_checks(steps, tmp_path) == 1
    summary = capfd.readouterr().out.splitlines()[-3:]
    assert [line.split()[:2] for line in summary] == [["first", "FAILED"], ["absent", "FAILED"], ["tests", "passed"]]
    assert summary[-1].endswith("7 passed in 1.00s")
    assert checks.run_checks(steps[2:], tmp_path) == 0


def test_checks_get_a_private_runtime_folder_and_never_a_store(
    checks: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COUNTERAPP_DATA", "somebody's store")
    look = (
        "import os; from pathlib import Path; folder = Path(os.environ['XDG_RUNTIME_DIR']);"
        "print(oct(folder.stat().st_mode)[-3:], os.environ.get('COUNTERAPP_DATA'), os.environ['QT_QPA_PLATFORM'])"
    )
    checks.run_checks([checks.Check("look", [sys.executable, "-c", look])], tmp_path)
    assert "700 None offscreen" in capfd.readouterr().out


# The locks


def _pins(lock: str) -> dict[str, str]:
    lines = (ROOT / lock).read_text(encoding="utf-8")
    return dict(re.findall(r"^([a-z0-9-]+==[^\s;]+) ?(.*?) ?\\$", lines, re.MULTILINE))


def test_the_development_lock_is_the_other_one_and_tools() -> None:
    assert _pins("requirements.lock").items() <= _pins("requirements-dev.lock").items()


def test_the_locks_name_no_registry_and_all_that_the_project_asks_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    locked = {pin.partition("==")[0] for pin in _pins("requirements.lock")}
    asked = {re.split(r"[\[<>=;]", line)[0].strip() for line in project["project"]["dependencies"]}
    assert asked <= locked
    assert "setuptools" in locked  # builds the project itself, without fetching anything more
    for lock in ("requirements.lock", "requirements-dev.lock"):
        assert "://" not in (ROOT / lock).read_text(encoding="utf-8")
