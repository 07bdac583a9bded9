"""`make messages`: what the desk's words are, as the code has them, and each language's catalogue in step with that.

Needs no gettext tools: words are found by Python itself (in templates by Django's `templatize`), files are written by
polib. The compiled files are in git, so that a machine without these tools has them, too.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

import polib
from django.utils.translation import templatize

from aro.project import ROOT

LOCALE: Final = ROOT / "locale"
FLOORS: Final = ("aro", "compliance", "appointments", "workflows", "integrations", "config")
_ONE: Final = {"_", "gettext", "gettext_lazy", "gettext_noop"}
_MANY: Final = {"ngettext", "ngettext_lazy"}
_IN_TEMPLATE: Final = re.compile(r"""\b(n?gettext)\(((?:u?(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"),? ?)+)""")


class Word(NamedTuple):
    """A sentence, and its plural where it has one."""

    one: str
    many: str = ""


def found() -> dict[Word, list[str]]:
    """Every word of the code, with the files that say it; in the order of these."""
    words: dict[Word, list[str]] = {}
    for path in sorted(path for floor in FLOORS for path in (ROOT / floor).rglob("*") if _is_read(path)):
        said = _of_template(path) if path.suffix == ".html" else _of_code(path)
        for word in said:
            places = words.setdefault(word, [])
            if (place := str(path.relative_to(ROOT))) not in places:
                places.append(place)
    return words


def catalogues() -> list[Path]:
    return sorted(LOCALE.glob("*/LC_MESSAGES/django.po"))


def in_step(path: Path) -> polib.POFile:
    """The catalogue with exactly the code's words, and what was translated of them."""
    known = {Word(entry.msgid, entry.msgid_plural): entry for entry in polib.pofile(str(path))}
    file = polib.POFile(wrapwidth=100)
    file.metadata = dict(polib.pofile(str(path)).metadata)
    file.extend(_entry(word, places, known.get(word)) for word, places in found().items())
    return file


def _entry(word: Word, places: list[str], known: polib.POEntry | None) -> polib.POEntry:
    said = [(place, "") for place in places]
    if not word.many:
        return polib.POEntry(msgid=word.one, msgstr=known.msgstr if known else "", occurrences=said)
    plural = dict(known.msgstr_plural) if known else {0: "", 1: ""}
    return polib.POEntry(msgid=word.one, msgid_plural=word.many, msgstr_plural=plural, occurrences=said)


def _is_read(path: Path) -> bool:
    apart = {"migrations", "sandbox", "static"} & set(path.relative_to(ROOT).parts)
    return path.suffix in (".py", ".html") and not apart


def _of_code(path: Path) -> Iterator[Word]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _ONE | _MANY:
            texts = [one.value for one in node.args if isinstance(one, ast.Constant) and isinstance(one.value, str)]
            if texts:
                yield Word(*texts[:2]) if node.func.id in _MANY else Word(texts[0])


def _of_template(path: Path) -> Iterator[Word]:
    for name, arguments in _IN_TEMPLATE.findall(templatize(path.read_text(encoding="utf-8"))):
        texts = ast.literal_eval(f"[{arguments}]")
        yield Word(*texts[:2]) if name == "ngettext" else Word(texts[0])


def main() -> None:
    for path in catalogues():
        file = in_step(path)
        file.save(str(path))
        file.save_as_mofile(str(path.with_suffix(".mo")))
        sys.stdout.write(f"{path.relative_to(ROOT)}: {file.percent_translated()} % of {len(file)} translated\n")


if __name__ == "__main__":
    main()
