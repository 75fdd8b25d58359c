"""Plain data as the text of a fresh flow file, in house style."""

from __future__ import annotations

from dataclasses import dataclass

from flows.document import MOST_BYTES, Path, Plain
from flows.problems import Refused, refuse
from flows.scalars import MOST_DIGITS, UNSEEN, spell, spell_key
from flows.tree import DEEPEST, LONGEST_KEY

WIDTH = 100


def write(new: dict[str, Plain]) -> str:
    """Return a fresh file: keys in the given order, a step on one line where it fits in 100 columns.

    Raises Refused for what cannot stand in a flow file (see `check`).
    """
    check(new)
    return check_length("\n".join(nested(new, 0, ())) + "\n")


def check(new: Plain) -> None:
    """Raise Refused unless every file that holds this data can be read again.

    That is: words, numbers of up to 400 digits, lists and mappings; keys of up to 160 characters;
    at most 32 levels.
    """
    if not isinstance(new, dict):
        raise refused("text-not-a-mapping", (), "a flow is a mapping of keys to values")
    waiting: list[tuple[Path, Plain]] = [((), new)]
    while waiting:
        path, value = waiting.pop()
        if isinstance(value, dict | list) and len(path) >= DEEPEST:
            raise refused("text-too-deep", path, f"values are nested more than {DEEPEST} levels deep")
        if isinstance(value, dict):
            for key in value:
                check_key(key, path)
            waiting += [((*path, key), part) for key, part in value.items()]
        elif isinstance(value, list):
            waiting += [((*path, at), part) for at, part in enumerate(value)]
        else:
            check_single(value, path)


def check_key(key: object, path: Path) -> None:
    if not isinstance(key, str):
        raise refused("text-key", path, f"a key must be a word, found {key!r}")
    check_single(key, path)
    if len(key) > LONGEST_KEY:
        raise refused("text-key", path, f"a key may have {LONGEST_KEY} characters, one has {len(key)}")


def check_single(value: object, path: Path) -> None:
    if isinstance(value, str):
        if any("\ud800" <= letter <= "\udfff" for letter in value):
            raise refused("text-not-utf-8", path, "half of a surrogate pair is not a character")
    elif isinstance(value, int) and abs(value) >= 10 ** (MOST_DIGITS - 1):
        raise refused("text-long-number", path, f"a number may have {MOST_DIGITS - 1} digits")
    elif type(value) not in (bool, int, float, type(None)):
        raise refused("text-not-plain", path, f"{type(value).__name__} is not plain data")


def refused(code: str, path: Path, message: str) -> Refused:
    place = ".".join(str(part)[:60] for part in path[:8])
    where = f"At `{place}`" if place else "At the top"
    return refuse(code, f"{where} this cannot be saved: {message}.", place)


def check_length(text: str) -> str:
    size = len(text.encode())
    if size > MOST_BYTES:
        message = f"The file would have {size:,} bytes; a flow may have {MOST_BYTES:,}. Nothing was saved."
        raise refuse("text-too-large", message)
    return text


def nested(value: dict[str, Plain] | list[Plain], column: int, path: Path) -> list[str]:
    """Return the lines of a collection with one entry a line, indented by `column` spaces."""
    if not value:
        return [" " * column + inline(value)]
    if isinstance(value, dict):
        parts = [(spell_key(key), (*path, key), part) for key, part in value.items()]
        return [line for key, at, part in parts for line in pair(key, part, column, at)]
    return [line for at, part in enumerate(value) for line in item(part, column, (*path, at))]


def pair(key: str, value: Plain, column: int, path: Path) -> list[str]:
    """Return the lines of `key: value`."""
    shape = shaped(value, column + len(key) + 2, column + 2, path)
    head = " " * column + key + ":"
    return [head + (" " + shape.head if shape.head else ""), *shape.lines]


def item(value: Plain, column: int, path: Path) -> list[str]:
    """Return the lines of `- value`."""
    shape = shaped(value, column + 2, column + 2, path)
    head, lines = shape.head, list(shape.lines)
    if not head:
        head, lines = lines[0].lstrip(" "), lines[1:]
    return [" " * column + "- " + head, *lines]


@dataclass(frozen=True)
class Shape:
    """How a value stands behind its key: what follows on the same line, and the lines below."""

    head: str
    lines: tuple[str, ...] = ()


def shaped(value: Plain, begins: int, column: int, path: Path) -> Shape:
    """Return the shape of a value that begins in column `begins`, with its lines below at `column`."""
    if isinstance(value, str) and is_lines(value):
        return lines_of_text(value, column)
    if not isinstance(value, dict | list) or not value or fits(value, begins, path):
        return Shape(inline(value))
    return Shape("", tuple(nested(value, column, path)))


def fits(value: dict[str, Plain] | list[Plain], begins: int, path: Path) -> bool:
    """Tell whether a value goes on one line: never a whole section, nor aims and limits."""
    if len(path) < 2 or path[0] == "intent":
        return False
    return not has_lines(value) and begins + len(inline(value)) <= WIDTH


def has_lines(value: Plain) -> bool:
    if isinstance(value, dict):
        return any(map(has_lines, value.values()))
    if isinstance(value, list):
        return any(map(has_lines, value))
    return isinstance(value, str) and "\n" in value


def inline(value: Plain, quote: str = "", inside: bool = False) -> str:
    """Return a value on one line; `inside` is for within brackets."""
    if isinstance(value, dict):
        return "{" + ", ".join(inline_pair(key, part) for key, part in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(inline(part, inside=True) for part in value) + "]"
    return spell(value, inside, quote)


def inline_pair(key: str, value: Plain) -> str:
    """Return `key: value` as it stands within brackets."""
    return f"{spell_key(key, flow=True)}: {inline(value, inside=True)}"


def is_lines(text: str) -> bool:
    """Tell whether a text is best shown line by line: several lines and nothing invisible in them."""
    lines = text.removesuffix("\n").split("\n")
    if "\n" not in text or not lines[0] or not lines[-1] or lines[0][0] == " ":
        return False
    return all(line == line.rstrip() and not UNSEEN.search(line) for line in lines)


def lines_of_text(text: str, column: int) -> Shape:
    lines = text.removesuffix("\n").split("\n")
    pad = " " * column
    return Shape("|" if text.endswith("\n") else "|-", tuple(pad + line if line else "" for line in lines))
