"""What an edit is called: "connect risk to unsure", for undo, redo and what others did."""

from __future__ import annotations

from flows.command import Command
from flows.commands import (
    AddStep,
    All,
    ChangeKind,
    Configure,
    Connect,
    Disconnect,
    Fold,
    InsertInto,
    Move,
    Paste,
    RemoveGroup,
    RemoveNote,
    RemoveStep,
    RenameStep,
    Retitle,
    SetAims,
    SetGoal,
    SetGroup,
    SetLimits,
    SetName,
    SetNote,
    SetPeople,
    SetStarts,
)

_MOST_WORDS = 60


def label(command: Command) -> str:
    """Return what an edit does, in a few words that follow "Undo:"."""
    return _said(command)[:_MOST_WORDS]


def about(command: Command) -> str:
    """Return what an edit types into; edits of the same within a second are one. Nothing for other edits."""
    match command:
        case Configure(unset=False):
            return f"{command.step}.{command.setting}"
        case Retitle():
            return f"title of {command.step}"
        case SetNote(text=str()):
            return f"note {command.note}"
        case SetName() | SetGoal() | SetStarts():
            return command.do
        case SetGroup(title=str(), steps=None):
            return f"group {command.group}"
        case SetPeople() if command.people is not None:
            return f"people {command.group}"
    return ""


def _said(command: Command) -> str:
    match command:
        case AddStep():
            return f"add {command.id}"
        case RemoveStep():
            return f"remove {command.step}"
        case Connect() | Disconnect():
            verb = "connect" if isinstance(command, Connect) else "disconnect"
            word = "to" if isinstance(command, Connect) else "from"
            ends = [end.split(".")[0] for end in (command.source, command.target)]
            return f"{verb} {ends[0]} {word} {ends[1]}"
        case InsertInto():
            return f"insert {command.id}"
        case Configure():
            return f"{'clear' if command.unset else 'set'} {command.setting.replace('_', ' ')} of {command.step}"
        case ChangeKind():
            return f"make {command.step} a {command.kind}"
        case RenameStep():
            return f"rename {command.step} to {command.to}"
        case Move():
            only = next(iter(command.positions), "nothing")
            return f"move {only}" if len(command.positions) == 1 else f"move {len(command.positions)} cards"
        case Paste():
            many = len(command.piece.steps)
            return f"paste {next(iter(command.piece.steps), 'nothing')}" if many == 1 else f"paste {many} cards"
        case All():
            return _together(command)
    return _on_paper(command)


def _on_paper(command: Command) -> str:
    match command:
        case Retitle():
            return f"title {command.step}"
        case SetNote():
            return "write a note" if command.text is not None else "move a note"
        case RemoveNote():
            return "remove a note"
        case SetGroup():
            return f"group {command.title or command.group}"
        case RemoveGroup():
            return "ungroup"
        case Fold():
            return f"{'fold' if command.folded else 'unfold'} a group"
        case SetAims() | SetLimits():
            return f"change the {command.do.removeprefix('set-')}"
        case SetPeople():
            return f"change the people {command.group}"
        case SetName() | SetGoal() | SetStarts():
            return f"change the {command.do.removeprefix('set-')}"
    return command.do.replace("-", " ")


def _together(command: All) -> str:
    """Name the edit that the others serve: a removal, an addition, else the first."""
    inside = command.commands
    for kind, many in ((RemoveStep, "remove {} cards"), (AddStep, "add {} cards"), (Disconnect, "remove {} links")):
        found = [one for one in inside if isinstance(one, kind)]
        if found:
            return _said(found[0]) if len(found) == 1 else many.format(len(found))
    return _said(inside[0]) if inside else "nothing"
