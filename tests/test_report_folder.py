"""`--report-dir`: the report as linked pages, with every place of every finding."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

from pbcheck.render.html.folder import write_folder
from tests import reports
from tests.conftest import FIXTURES

Run = Callable[..., tuple[int, str, str]]
POLICY = FIXTURES / "councils" / "st-helens" / "policy.yaml"


def test_every_finding_has_its_page_and_every_link_leads_somewhere(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "report"
    code, out, _ = run("check", POLICY, "--report-dir", folder, "-f", "json")
    assert code == 1
    rules = sorted({one["rule"] for one in json.loads(out)["findings"]})
    assert rules
    for rule in rules:
        page = (folder / "rules" / f"{rule}.html").read_text(encoding="utf-8")
        assert "policy.yaml" in page
    for page in folder.rglob("*.html"):
        for link in re.findall(r'href="([^"#:]+)(?:#[^"]*)?"', page.read_text(encoding="utf-8")):
            assert (page.parent / link).resolve().exists(), (page, link)


def test_themes_and_rules_say_what_was_set_aside(tmp_path: Path) -> None:
    write_folder(reports.aside(), tmp_path)
    theme = (tmp_path / "themes" / f"{reports.THEMES[2]}.html").read_text(encoding="utf-8")
    assert "No finding that counts; 1 finding set aside" in theme
    page = (tmp_path / "rules" / "money-taken-back.html").read_text(encoding="utf-8")
    assert "1 of 1 place was set aside by decision, marked." in page
    assert 'href="../index.html#waivers"' in page
    assert "1 place set aside" in (tmp_path / "index.html").read_text(encoding="utf-8")


def test_a_second_report_leaves_no_page_of_the_first_and_no_other_file_is_touched(run: Run, tmp_path: Path) -> None:
    run("check", POLICY, "--report-dir", tmp_path)
    (tmp_path / "rules" / "notes.html").write_text("mine")
    run("audit", FIXTURES / "compliant", "--report-dir", tmp_path)
    assert [one.name for one in (tmp_path / "rules").iterdir()] == ["notes.html"]
    assert "0" in (tmp_path / "index.html").read_text(encoding="utf-8")


def test_a_folder_that_cannot_be_written_is_said_and_loses_nothing_else(run: Run, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    code, out, err = run("check", POLICY, "--report-dir", tmp_path / "file" / "report", "-o", f"json={tmp_path / 'r.json'}")
    assert code == 2
    assert "could not all be written" in err
    assert "[unspent-money-taken-back]" in out
    assert (tmp_path / "r.json").stat().st_size > 1000
