"""The repository's own promises: sizes, generated files, no clock, the wheel."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import venv
from pathlib import Path

import pytest

from tests.conftest import ROOT

MODULES = sorted((ROOT / "pbcheck").rglob("*.py"))
LONG_FUNCTIONS = 45
LONG_MODULES = 400


@pytest.mark.parametrize("path", MODULES, ids=[path.relative_to(ROOT).as_posix() for path in MODULES])
def test_modules_and_functions_stay_small(path: Path) -> None:
    text = path.read_text()
    assert len(text.splitlines()) <= LONG_MODULES
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef):
            size = (node.end_lineno or 0) - node.lineno + 1
            documentation = ast.get_docstring(node) or ""
            assert size - len(documentation.splitlines()) <= LONG_FUNCTIONS, f"{node.name} has {size} lines"


def test_nothing_asks_for_todays_date_or_the_network() -> None:
    for path in MODULES:
        text = path.read_text()
        assert not re.search(r"\b(date|datetime)\.(today|now|utcnow)\(|time\.time\(", text), path
        assert not re.search(r"^\s*(import|from) (socket|urllib|http|requests|ssl)\b", text, re.MULTILINE), path


def test_money_is_never_a_float() -> None:
    for path in (ROOT / "pbcheck" / "figures").glob("*.py"):
        assert not re.search(r"\bfloat\(", path.read_text()), path


def test_the_modules_start_fast() -> None:
    heavy = ("jinja2", "jsonschema", "jsonschema_rs", "google", "cel_expr_python", "yaml")
    code = f"import sys, pbcheck.cli.main; print([m for m in sys.modules if m.split('.')[0] in {heavy!r}])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"


def test_links_in_the_documentation_lead_somewhere() -> None:
    for page in [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), ROOT / "fixtures" / "README.md"]:
        for link in re.findall(r"\]\(([^)#]+?)(?:#[^)]*)?\)", page.read_text()):
            if "://" not in link:
                assert (page.parent / link).exists(), f"{page.name}: {link}"


def test_every_command_of_the_readme_exists() -> None:
    from pbcheck.cli.main import Commands

    named = set(re.findall(r"^\| `pbcheck (\w+)", (ROOT / "README.md").read_text(), re.MULTILINE))
    assert named == Commands.homes.keys()


@pytest.mark.slow
def test_the_wheel_works_in_a_clean_environment(tmp_path: Path) -> None:
    """Build the wheel, install it where nothing else is, and run the main job, the rules' examples and a bad file with it."""
    subprocess.run([sys.executable, "-m", "build", "--wheel", "--outdir", tmp_path, ROOT], check=True, capture_output=True)
    [wheel] = tmp_path.glob("*.whl")
    venv.create(tmp_path / "env", with_pip=True)
    python = tmp_path / "env" / "bin" / "python"
    subprocess.run([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", wheel], check=True, capture_output=True)
    work = tmp_path / "work"
    work.mkdir()
    (work / "policy.yaml").write_text("kind: policy\nauthority: X\nsurplus: {recop: never}\n")

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([tmp_path / "env" / "bin" / "pbcheck", *arguments], capture_output=True, text=True, cwd=work, check=False)

    sample = subprocess.run(
        [python, "-c", "from pbcheck.shipped import shipped; print(shipped('fixtures/compliant'))"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
    assert run("audit", sample, "-o", "html=report.html").returncode == 0
    assert (work / "report.html").read_text().endswith("</html>\n")
    assert "0 failed" in run("test").stdout
    assert run("check", "policy.yaml").returncode == 1
    unpacked = tmp_path / "unpacked"
    subprocess.run([sys.executable, "-m", "zipfile", "-e", wheel, unpacked], check=True)
    code = f"import sys; sys.path.insert(0, {str(unpacked)!r}); import pbcheck; print(pbcheck.__file__, pbcheck.audit({sample!r}).complete)"
    again = subprocess.run([python, "-c", code], capture_output=True, text=True, check=True).stdout
    assert str(unpacked) in again
    assert "True" in again
