"""Leaf categories find their department, whatever their spelling."""

from __future__ import annotations

from pathlib import Path

import pytest

from reviewsum_assets.opinions.departments import load_departments
from reviewsum_assets.opinions.taxonomy import load_taxonomy
from reviewsum_assets.sample.catalogue import LEAF_DEPARTMENTS

departments = load_departments(None)


@pytest.mark.parametrize(("leaf", "department"), list(LEAF_DEPARTMENTS.items()))
def test_the_leaves_of_the_sample_are_known(leaf: str, department: str) -> None:
    assert departments.department_of(leaf) == department


@pytest.mark.parametrize("spelling", ["Coffee Beans", "coffee-beans", " COFFEE  BEANS ", "CoffeeBeans"])
def test_spelling_does_not_matter(spelling: str) -> None:
    assert departments.department_of(spelling) == "grocery"


@pytest.mark.parametrize(
    ("leaf", "department"),
    [
        ("Bluetooth-Kopfhörer", "electronics"),
        ("Bücher", "books"),
        ("Kochbücher", "books"),
        ("Chaussures de course", "fashion"),
        ("Espressokaffeemaschinen", "home"),
        ("Zahnbürsten", "health"),
        ("Giocattoli in legno", "toys"),
        ("Fietshelmen", "sports"),
        ("Cuidado de la piel", "beauty"),
        ("Steam Cleaners", "other"),
        ("Teak Oil", "other"),
    ],
)
def test_words_inside_a_leaf_decide_and_short_ones_only_whole(leaf: str, department: str) -> None:
    assert departments.department_of(leaf) == department


def test_a_department_is_a_leaf_of_itself() -> None:
    assert [departments.department_of(slug) for slug in departments.slugs] == list(departments.slugs)


def test_an_unknown_leaf_is_other() -> None:
    assert departments.department_of("Xylotomous Widgets") == "other"
    assert departments.department_of("") == "other"


def test_departments_are_those_of_the_taxonomy_and_their_own_adapter_groups() -> None:
    assert departments.slugs == load_taxonomy().departments
    assert departments.adapter_group("home") == "home"


def test_a_shop_replaces_the_map_and_splits_a_department_without_losing_its_adapter(tmp_path: Path) -> None:
    file = tmp_path / "departments.yaml"
    file.write_text("leaves:\n  phones: [Smartphones]\n  gadgets: [Drones]\nadapter_groups: {phones: electronics}\n")
    own = load_departments(file)
    assert own.slugs == ("phones", "gadgets", "other")
    assert own.department_of("smartphones") == "phones"
    assert own.department_of("Coffee Beans") == "other"
    assert own.adapter_group("phones") == "electronics"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("leaves: [Phones]", "expected `leaves:`"),
        ("leaves:\n  a: [Phones]\n  b: [phones]\n", "'phones' is in both 'a' and 'b'"),
        ("leaves:\n  Big Ones: [Phones]\n", "is no slug"),
    ],
)
def test_a_wrong_map_is_refused_with_what_is_wrong(tmp_path: Path, content: str, message: str) -> None:
    file = tmp_path / "departments.yaml"
    file.write_text(content)
    with pytest.raises(ValueError, match=message):
        load_departments(file)


def test_a_missing_file_says_which_setting_to_correct(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="REVIEWSUM_DEPARTMENTS_FILE"):
        load_departments(tmp_path / "none.yaml")
