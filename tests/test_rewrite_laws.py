"""Laws of writing, tried on random data and on files as people might write them."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from flows.document import Plain, read
from flows.rewrite import rewrite, write
from flows.tree import same

WORDS = st.sampled_from(
    ["", "yes", "null", "~", "1", "1e3", "a b", " a", "a ", "a: b", "a #b", "#", "- a", "-", "?",
     "a?", "x, y", "[", "}",
     "'", '"', "it's", '"a"\'', "\\", "<<", "*a", "&a", "!a", "%a", "@a", "`", "...", "---", "=", "a:", ":a", "|", ">",
     "a\nb", "a\nb\n", "a\n\n", "\na", "  a\nb", "a\n  b\n", "a\n# b", "a \nb", "\t", "a\tb\nc", "\r", "\r\n", "\x00",
     "\x85", "\u2028", "\ufeff", "\xa0", "😀", "é", ".inf", "0x1f", "0777", "12:30", "2026-01-05", "\U0010ffff"]
)  # fmt: skip
TEXT = WORDS | st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | TEXT
KEYS = st.sampled_from("abcd") | TEXT
VALUES: st.SearchStrategy[Plain] = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)
FLOWS = st.dictionaries(KEYS, VALUES, max_size=4)


@given(FLOWS)
def test_what_is_written_reads_as_itself(new: dict[str, Plain]) -> None:
    assert same(read(write(new)).data, new)


@given(FLOWS, FLOWS)
def test_any_file_can_become_any_other(old: dict[str, Plain], new: dict[str, Plain]) -> None:
    assert same(read(rewrite(write(old), new)).data, new)


FILL = st.sampled_from(["", "", "", "# note", "\n", "\n# far\n", "# -'\"[{"])


@st.composite
def flow_text(draw: st.DrawFn, value: Plain, pad: str) -> str:
    """Return a value within brackets as a person might write it: over lines, with comments."""
    if not isinstance(value, dict | list):
        return write({"k": [value]})[len("k:\n  - ") :].rstrip("\n") if plain_line(value) else '"' + "é" + '"'
    gap = draw(st.sampled_from(["", " ", f"\n{pad}  ", f" # note\n{pad}    ", f"\n{pad} # note\n{pad} "]))
    parts = []
    for key, part in value.items() if isinstance(value, dict) else enumerate(value):
        text = draw(flow_text(part, pad + "  "))
        text = "" if part is None and isinstance(value, dict) and draw(st.booleans()) else text
        parts.append(f"{key}: {text}" if isinstance(value, dict) else text)
    opened, closed = "{}" if isinstance(value, dict) else "[]"
    comma = draw(st.sampled_from(["", ",", " ,"])) if parts else ""
    end = draw(st.sampled_from(["", " ", f"\n{pad} ", f" # note\n{pad} "]))
    return opened + gap + f",{gap or ' '}".join(parts) + comma + end + closed


def plain_line(value: Plain) -> bool:
    return not isinstance(value, str) or (value.isalnum() and value.isascii())


@st.composite
def block_text(draw: st.DrawFn, value: Plain, column: int) -> str:
    """Return the lines of a mapping or list with odd indentation, blank lines and comments."""
    pad = " " * column
    text = ""
    for key, part in value.items() if isinstance(value, dict) else enumerate(value):  # type: ignore[arg-type]
        above = draw(FILL)
        text += "".join(f"{pad if line.startswith('#') else ''}{line}\n" for line in above.split("\n")) if above else ""
        head = f"{pad}{key}:" if isinstance(value, dict) else f"{pad}-"
        tail = draw(st.sampled_from(["", "", "  # on"])) + "\n"
        if isinstance(part, dict | list) and part and draw(st.booleans()):
            deeper = column + draw(st.integers(1, 4))
            foot = " " * deeper + "# foot\n" if draw(st.integers(0, 4)) == 0 else ""
            below = draw(block_text(part, deeper))
            on_dash = (
                isinstance(value, list)
                and deeper > column + 1
                and below.startswith(" " * deeper)
                and below.strip()[0] != "#"
            )
            text += head + (below[column + 1 :] if on_dash and draw(st.booleans()) else tail + below) + foot
        elif part is None and draw(st.booleans()):
            text += head + tail
        elif isinstance(part, str) and draw(st.booleans()):
            text += f"{head} {draw(st.sampled_from(['|', '>-', '|+']))}\n{pad}   {part or 'x'}\n\n"
        else:
            text += f"{head} {draw(flow_text(part, pad + '  '))}{tail}"
    return text


NAMES = st.sampled_from("abcdef")
LEAVES = st.none() | st.booleans() | st.integers(0, 99) | st.sampled_from(["x", "y", "late", "word"])
TREES: st.SearchStrategy[Plain] = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=16,
)
SMALL = st.dictionaries(NAMES, TREES, min_size=1, max_size=5)


@st.composite
def handwritten(draw: st.DrawFn) -> str:
    text = draw(block_text(draw(SMALL), draw(st.sampled_from([0, 0, 0, 2]))))
    text = text if draw(st.booleans()) else text.rstrip("\n")
    text = text.replace("\n", "\r\n") if draw(st.booleans()) else text
    return ("\ufeff" if draw(st.booleans()) else "") + text


@given(handwritten())
def test_saving_without_a_change_keeps_every_byte(text: str) -> None:
    assert rewrite(text, read(text).data) == text


@st.composite
def nudged(draw: st.DrawFn, value: Plain) -> Plain:
    """Return the value with a few small changes somewhere within."""
    if isinstance(value, dict) and value:
        value = dict(value)
        at = draw(st.sampled_from(sorted(value)))
        choice = draw(st.integers(0, 4))
        if choice == 0:
            del value[at]
        elif choice == 1:
            return {("new" if key == at else key): part for key, part in value.items()}
        elif choice == 2:
            pairs = list(value.items())
            pairs.insert(draw(st.integers(0, len(pairs))), ("new", draw(TREES)))
            return dict(pairs)
        else:
            value[at] = draw(nudged(value[at]))
        return value
    if isinstance(value, list) and value:
        items, place = list(value), draw(st.integers(0, len(value) - 1))
        choice = draw(st.integers(0, 4))
        if choice == 0:
            del items[place]
        elif choice == 1:
            items.insert(place, draw(TREES))
        elif choice == 2:
            items.append(items.pop(place))
        else:
            items[place] = draw(nudged(items[place]))
        return items
    return draw(TREES)


@settings(deadline=None)
@given(st.data())
def test_an_edit_under_one_key_leaves_the_lines_of_all_others(data: st.DataObject) -> None:
    """Whatever happens under one key, the lines of every other key stay, comments included."""
    text = data.draw(handwritten())
    old = read(text).data
    key = data.draw(st.sampled_from(sorted(old)))
    new = {**old, key: data.draw(nudged(old[key]))}
    result = rewrite(text, new)
    assert same(read(result).data, new)
    for other in old.keys() - {key}:
        assert lines_of(text, other) == lines_of(result, other)


def lines_of(text: str, key: str) -> list[str]:
    """Return the lines from a top key to its last value, without line endings."""
    document = read(text)
    lines = [line for path, line in document.lines.items() if path[:1] == (key,)]
    return text.replace("\r\n", "\n").split("\n")[min(lines) - 1 : max(lines)]


@settings(deadline=None)
@given(st.data())
def test_a_handwritten_file_can_become_anything(data: st.DataObject) -> None:
    text = data.draw(handwritten())
    new = data.draw(nudged(data.draw(nudged(read(text).data))) | SMALL)
    new = new if isinstance(new, dict) else {}
    result = rewrite(text, new)
    assert same(read(result).data, new)
    assert result.startswith("\ufeff") == text.startswith("\ufeff")
