"""Who may do what: one table, from which pages, routes and tests are made."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal, Protocol, get_args

Role = Literal["designer", "reviewer", "operator", "auditor"]
ROLES: tuple[Role, ...] = get_args(Role)
"""A person may have several."""

ROLE_SAYS: dict[Role, str] = {
    "designer": "Draws flows, brings data and rehearses.",
    "reviewer": "Answers questions, and sees only those that are asked of them.",
    "operator": "Runs flows for real, stops them, and manages people.",
    "auditor": "Reads everything, and changes nothing.",
}

Action = Literal[
    "answer",
    "see-own-figures",
    "change-own-password",
    "change-own-hours",
    "see-group-figures",
    "see-figures-by-person",
    "open-insight",
    "download-report",
    "read-flows",
    "read-runs",
    "read-answers",
    "read-log",
    "edit-flows",
    "upload-data",
    "rehearse",
    "try-step",
    "stop-rehearsal",
    "run",
    "go-live",
    "stop-run",
    "see-people",
    "manage-people",
    "erase",
]
Changes = Literal["nothing", "oneself", "work"]

LEAST_GROUP = 5
"""How many people a group needs before its figures are shown to others than the auditor."""


@dataclass(frozen=True)
class Permission:
    """One action and the roles that may do it. `changes` tells whose things it changes."""

    action: Action
    roles: frozenset[Role]
    changes: Changes
    says: str


def _permit(action: Action, roles: Collection[Role], changes: Changes, says: str) -> Permission:
    return Permission(action, frozenset(roles), changes, says)


_ALL = ROLES
_READ: tuple[Role, ...] = ("designer", "operator", "auditor")

PERMISSIONS: tuple[Permission, ...] = (
    _permit("answer", ["reviewer"], "work", "See and answer the questions that are asked of oneself."),
    _permit("see-own-figures", _ALL, "nothing", "See one's own figures, and what one's corrections changed."),
    _permit("change-own-password", _ALL, "oneself", "Set a new password for oneself."),
    _permit(
        "change-own-hours",
        ["designer", "reviewer", "operator"],
        "oneself",
        "Say when one is away, which hours are quiet and how many questions an hour are welcome.",
    ),
    _permit("see-group-figures", _READ, "nothing", f"See the figures of groups of {LEAST_GROUP} people or more."),
    _permit("see-figures-by-person", ["auditor"], "nothing", "See the figures of each person."),
    _permit("open-insight", _READ, "nothing", "Open the insight of a flow."),
    _permit("download-report", _READ, "nothing", "Take a report or its tables away as a file."),
    _permit("read-flows", _READ, "nothing", "See flows and their settings."),
    _permit("read-runs", _READ, "nothing", "See runs, rounds and what steps gave."),
    _permit("read-answers", ["auditor"], "nothing", "See who answered what."),
    _permit("read-log", ["operator", "auditor"], "nothing", "Read the logs of flows and of accounts."),
    _permit("edit-flows", ["designer"], "work", "Draw flows, change settings, undo and redo."),
    _permit("upload-data", ["designer"], "work", "Bring data files into the workspace."),
    _permit("rehearse", ["designer", "operator"], "work", "Begin a rehearsal with simulated people."),
    _permit("try-step", ["designer"], "work", "Try one step on what came before it."),
    _permit("stop-rehearsal", ["designer", "operator"], "work", "Stop a rehearsal."),
    _permit("run", ["operator"], "work", "Order rounds of a flow that is live."),
    _permit("go-live", ["operator"], "work", "Let a flow work for real for the first time."),
    _permit("stop-run", ["operator"], "work", "Stop a flow that works for real."),
    _permit("see-people", ["operator", "auditor"], "nothing", "See who has an account, with roles and teams."),
    _permit("manage-people", ["operator"], "work", "Add, invite, change and disable people, their teams and absences."),
    _permit("erase", ["operator"], "work", "Erase what is personal, for good."),
)


class HasRoles(Protocol):
    """Somebody whose roles are known."""

    @property
    def roles(self) -> Collection[str]:
        """Names of roles; those that are not known permit nothing."""


def permission(action: Action) -> Permission:
    """Return the row of the table about an action."""
    return next(entry for entry in PERMISSIONS if entry.action == action)


def may(person: HasRoles, action: Action) -> bool:
    """Return whether a person may do something: one of their roles has to be in the table."""
    return not permission(action).roles.isdisjoint(person.roles)


def may_see_group(person: HasRoles, people: int) -> bool:
    """Return whether a person may see figures over so many people."""
    if may(person, "see-figures-by-person"):
        return people > 0
    return people >= LEAST_GROUP and may(person, "see-group-figures")
