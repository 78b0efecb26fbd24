"""Initials of Chinese names by pinyin (王示例 → wsl), by which people find a name on a keyboard.

`initials.txt` names its source. A character with several readings has its usual one, or the one it has as a surname.
"""

from functools import cache
from pathlib import Path

_FILE = Path(__file__).with_name("initials.txt")


@cache
def _tables() -> tuple[dict[str, str], dict[str, str]]:
    """Letters by character, and by surname where it is read otherwise."""
    letters: dict[str, str] = {}
    surnames: dict[str, str] = {}
    for line in _FILE.read_text("utf-8").splitlines():
        if line.startswith("#"):
            continue
        letter, characters = line.split("\t")
        if letter == "*":
            for entry in characters.split(" "):
                half = len(entry) // 2
                surnames[entry[:half]] = entry[half:]
        else:
            letters.update(dict.fromkeys(characters, letter))
    return letters, surnames


def initials(name: str) -> str:
    """Letters of a name in lower case; characters that are not in the table are left out."""
    letters, surnames = _tables()
    surname = next((name[:n] for n in (2, 1) if name[:n] in surnames), "")
    rest = name[len(surname) :]
    return surnames.get(surname, "") + "".join(
        letters.get(c, c.lower() if c.isascii() and c.isalnum() else "") for c in rest
    )
