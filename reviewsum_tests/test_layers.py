"""Dependencies point one way, and the code location stays quick to load."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[1] / "reviewsum_assets"
LOGIC = ("reviews", "opinions", "summaries")


def imports(path: Path) -> set[str]:
    """Modules that a file imports anywhere, inside functions too."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return found


def files(*rooms: str) -> list[Path]:
    return [path for room in rooms for path in sorted((PACKAGE / room).rglob("*.py"))]


@pytest.mark.parametrize("path", files(*LOGIC, "contracts"), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_logic_and_contracts_know_neither_dagster_nor_the_outside_world(path: Path) -> None:
    forbidden = ("dagster", "boto3", "httpx", "lancedb", "sqlalchemy", "torch", "transformers")
    ours = ("resources", "stages", "defs", "cli", "refresh", "definitions", "partitions", "settings")
    for module in imports(path):
        assert module.split(".")[0] not in forbidden, f"{path.name} imports {module}"
        if module.startswith("reviewsum_assets."):
            room = module.split(".")[1]
            assert room not in ours, f"{path.name} imports {module}"
            if "contracts" in path.parts:
                assert room == "contracts", f"a contract imports {module}"


@pytest.mark.parametrize("path", files("resources", "stages"), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_resources_and_stages_do_not_know_dagster(path: Path) -> None:
    for module in imports(path):
        assert module.split(".")[0] != "dagster", f"{path.name} imports {module}"
        assert not module.startswith("reviewsum_assets.defs"), f"{path.name} imports {module}"


def test_loading_the_code_location_imports_no_model_library() -> None:
    script = (
        "import sys, reviewsum_assets.definitions\n"
        "heavy = {'torch', 'transformers', 'vllm', 'ragas', 'detoxify', 'mlflow', 'matplotlib.pyplot', 'spacy'}\n"
        "print(sorted(heavy & set(sys.modules)))\n"
    )
    result = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"
