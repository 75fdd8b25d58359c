"""Writing a flow into its file, so that only the lines change that the edit means."""

from __future__ import annotations

import errno
import os
import secrets
from collections.abc import Callable
from difflib import SequenceMatcher
from pathlib import Path

from flows.document import read
from flows.flow import Card, Flow, Group, Note
from flows.intent import Target
from flows.problems import Refused, refuse
from flows.reading import flow_of, link_of
from flows.rewrite import rewrite, write
from flows.step import Plain
from flows.tree import same
from flows.versions import FORMAT, bring_forward

Place = tuple[str, ...]
_DRAWN = ("notes", "groups", "layout")
"""What is only drawn: what is malformed in it may be replaced."""


def plain(flow: Flow) -> dict[str, Plain]:
    """Return a flow as the data of its file: meaning first, layout last, nothing that is empty."""
    said: dict[str, Plain] = {
        "id": flow.id,
        "name": flow.name,
        "intent": _filled(
            {
                "goal": flow.intent.goal,
                "aims": [_target(target) for target in flow.intent.aims],
                "limits": [_target(target) for target in flow.intent.limits],
            }
        ),
        "starts": flow.starts,
        "steps": {card.id: _card(card) for card in flow.steps.values()},
        "people": dict(flow.people),
        "rehearsal": dict(flow.rehearsal),
        "links": [str(link) for link in flow.links],
    }
    drawn: dict[str, Plain] = {
        "notes": {name: _note(note) for name, note in flow.notes.items()},
        "groups": {name: _group(group) for name, group in flow.groups.items()},
        "layout": {step: [x, y] for step, (x, y) in flow.layout.items()},
    }
    return {"tandem": FORMAT, **_filled(said), **flow.rest, **_filled(drawn)}


def saved_text(old_text: str | None, flow: Flow, stem: str | None = None) -> str:
    """Return the text of a flow's file, with every line of the old text that still holds.

    What the old text says and a flow cannot hold (a link that is not understood, a key that is not
    known) stays as well. `stem` names the file; without it the flow's id is taken for its name.
    Refused when the old text cannot be read, or when saving would drop what is not understood in it.
    """
    new = plain(flow)
    stem = flow.id if stem is None else stem
    text = _rewritten(old_text, new, stem) if old_text and old_text.strip() else write(new)
    if text != old_text and not same(plain(flow_of(read(text), stem)[0]), new):
        raise _would_lose(())
    return text


def save(path: Path, flow: Flow, since: str | None = None) -> str:
    """Write a flow into its file in one step, and return the text that is now there.

    The file is either the old or the new one, also after a power cut. Its rights stay, and behind a
    symbolic link the target is replaced. `since` is the text that the edits began with: if the file
    says something else by now, nothing is written and the save is refused.
    """
    real = Path(os.path.realpath(path))
    try:
        old = real.read_bytes() if real.exists() else None
        if since is not None and old != since.encode():
            raise refuse(
                "save-changed-elsewhere",
                f"'{path}' was changed by somebody else since it was opened. Nothing was written. "
                "Open it again and repeat the edit, or save under another name.",
            )
        text = saved_text(None if old is None else old.decode(), flow, path.stem)
        if old is None or text.encode() != old:
            _replace(real, text.encode())
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "its old text is not UTF-8"
        raise refuse("save-failed", f"'{path}' could not be saved: {why}. The old file is as it was.") from None
    return text


def _card(card: Card) -> dict[str, Plain]:
    own: dict[str, Plain] = {
        "kind": card.kind,
        "title": card.title,
        "formerly": card.formerly,
        "version": card.version,
    }
    return {**_filled(own), **card.settings}


def _note(note: Note) -> dict[str, Plain]:
    size: list[Plain] = [] if note.size == Note.size else list(note.size)
    return {"text": note.text, "at": list(note.at), **_filled({"size": size})}


def _group(group: Group) -> dict[str, Plain]:
    folded = {"folded": True} if group.folded else {}
    return {"title": group.title, "steps": list(group.steps), **folded}


def _filled(data: dict[str, Plain]) -> dict[str, Plain]:
    return {key: value for key, value in data.items() if value not in (None, "", [], {})}


def _target(target: Target) -> str:
    # Six digits read well, but must not change the number.
    short = f"{target.number:g}"
    number = short if float(short) == target.number else repr(target.number)
    return f"{target.step}.{target.measure} {target.comparison} {number}"


def _rewritten(old_text: str, new: dict[str, Plain], stem: str) -> str:
    document = read(old_text)
    base = plain(flow_of(document, stem)[0])
    if same(base, new):
        return old_text
    merged = _mapping(base, new, bring_forward(document.data), ())
    return rewrite(old_text, {"tandem": FORMAT} | merged | {"tandem": FORMAT})


def _mapping(base: dict[str, Plain], new: dict[str, Plain], text: dict[str, Plain], place: Place) -> dict[str, Plain]:
    """Return what the file should say: `text`, changed by what is different from `base` to `new`."""
    merged: dict[str, Plain] = {}
    for key, said in text.items():
        if key in new:
            merged[key] = _value(base.get(key), new[key], said, (*place, key))
        elif key not in base:
            merged[key] = said
    added = {key: value for key, value in new.items() if key not in text}
    merged |= {key: value for key, value in added.items() if not (key in base and same(base[key], value))}
    return _in_order(merged, list(new), list(text))


def _value(base: Plain, new: Plain, said: Plain, place: Place) -> Plain:
    if base is not None and same(base, new):
        return said
    if isinstance(new, dict) and isinstance(said, dict):
        return _mapping(base if isinstance(base, dict) else {}, new, said, place)
    if isinstance(new, list) and isinstance(said, list) and place in _READERS:
        return _items(base if isinstance(base, list) else [], new, said, place)
    misread = base is None and said not in (None, "", [], {}) and isinstance(new, dict | list)
    if misread and place[0] not in _DRAWN:
        raise _would_lose(place)
    return new


def _items(base: list[Plain], new: list[Plain], said: list[Plain], place: Place) -> list[Plain]:
    """Return the items of a list, with those that were not understood kept behind their neighbour."""
    head: list[Plain] = []
    kept: list[tuple[Plain, list[Plain]]] = []
    for item in said:
        if _READERS[place](item):
            kept.append((item, []))
        else:
            (kept[-1][1] if kept else head).append(item)
    merged = head
    matcher = SequenceMatcher(None, [str(item) for item in base], [str(item) for item in new], autojunk=False)
    for change, start, end, new_start, new_end in matcher.get_opcodes():
        if change != "equal":
            merged.extend(new[new_start:new_end])
        for item, followers in kept[start:end]:
            merged.extend([item, *followers] if change == "equal" else followers)
    return merged


def _in_order(merged: dict[str, Plain], new: list[str], text: list[str]) -> dict[str, Plain]:
    """Return the mapping in the order of the text, with each new key behind the one before it."""
    order = [key for key in text if key in merged]
    known, behind = set(order), 0
    for key in new:
        if key in known:
            behind = order.index(key) + 1
        elif key in merged:
            order.insert(behind, key)
            behind += 1
    return {key: merged[key] for key in order}


def _would_lose(place: Place) -> Refused:
    what = f"'{'.'.join(place)}'" if place else "the file"
    return refuse(
        "save-would-lose",
        f"Not saved: {what} holds something that is not understood and that this edit would drop. "
        "Correct it in the text first, then repeat the edit.",
        ".".join(place),
    )


def _replace(path: Path, content: bytes) -> None:
    if path.exists() and not os.access(path, os.W_OK):
        raise PermissionError(errno.EACCES, "it is write-protected")
    part = path.with_name(f".{secrets.token_hex(8)}.part")
    try:
        with open(part, "xb") as file:
            if path.exists():
                os.fchmod(file.fileno(), path.stat().st_mode & 0o7777)
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(part, path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    # Without it a power cut may bring back the old name, though the new content was synced.
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _is_target(item: Plain) -> bool:
    try:
        return isinstance(item, str) and bool(Target.read(item))
    except Refused:
        return False


_READERS: dict[Place, Callable[[Plain], bool]] = {
    ("links",): lambda item: link_of(item) is not None,
    ("intent", "aims"): _is_target,
    ("intent", "limits"): _is_target,
}

CODES: tuple[tuple[str, str], ...] = (
    ("save-changed-elsewhere", "The file was changed since it was opened. Open it again."),
    (
        "save-would-lose",
        "The file holds something that is not understood and would be dropped. Correct it first.",
    ),
    ("save-failed", "The file could not be written. The sentence says why; the old file is as it was."),
)
