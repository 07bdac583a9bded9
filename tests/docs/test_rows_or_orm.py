"""The page "Rows or ORM?" lists who uses statements made once: nobody else does."""

from __future__ import annotations

import ast
import re

from aro.project import ROOT

PAGE = ROOT / "docs" / "explanation" / "rows-or-orm.md"
FLOORS = ("aro", "compliance", "appointments", "workflows", "integrations", "config")


def _imports_rows(text: str) -> bool:
    return any(
        isinstance(node, ast.ImportFrom)
        and node.module in ("aro.queue", "aro.queue.rows")
        and (node.module == "aro.queue.rows" or any(one.name == "rows" for one in node.names))
        for node in ast.walk(ast.parse(text))
    )


def test_the_page_lists_every_user_of_rows_and_nobody_else() -> None:
    listed = re.findall(r"^\| `([\w/]+\.py)` \|", PAGE.read_text(), re.MULTILINE)
    using = [
        str(path.relative_to(ROOT))
        for floor in FLOORS
        for path in (ROOT / floor).rglob("*.py")
        if _imports_rows(path.read_text())
    ]
    assert sorted(listed) == sorted(using)
