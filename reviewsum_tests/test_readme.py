"""The README says what is there."""

from __future__ import annotations

import re
from pathlib import Path

from reviewsum_assets.definitions import defs
from reviewsum_assets.settings import Settings

REPOSITORY = Path(__file__).resolve().parents[1]
README = (REPOSITORY / "README.md").read_text()


def test_every_setting_is_in_the_table_with_its_description() -> None:
    for name, field in Settings.model_fields.items():
        lines = [line for line in README.splitlines() if line.startswith(f"| `REVIEWSUM_{name.upper()}` |")]
        assert field.description is not None
        assert any(field.description in line for line in lines), f"README lacks REVIEWSUM_{name.upper()}"


def test_the_table_names_no_setting_that_is_gone() -> None:
    named = set(re.findall(r"^\| `REVIEWSUM_([A-Z_]+)` \| (?!what)", README, re.MULTILINE))
    assert {name.lower() for name in named} - {"engine"} <= set(Settings.model_fields)


def test_the_tour_has_every_asset() -> None:
    for spec in defs.resolve_all_asset_specs():
        assert f"| `{spec.key.to_user_string()}` |" in README


def test_every_make_target_that_the_readme_names_exists() -> None:
    makefile = (REPOSITORY / "Makefile").read_text()
    for target in re.findall(r"make ([a-z-]+)", README):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), f"make {target}"


def test_every_linked_page_and_picture_exists() -> None:
    for page in [REPOSITORY / "README.md", *sorted((REPOSITORY / "docs").glob("*.md"))]:
        for link in re.findall(r"\]\(([^)#]+)", page.read_text()):
            if not link.startswith("http"):
                assert (page.parent / link).exists(), f"{page.name} links to {link}"
