"""Which page and which route needs which permission: a page without a rule is not served."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Literal

from runtime.accounts.permissions import Action, HasRoles, may

Needs = Action | Literal["nothing", "an-account"]
"""What opens a page: a permission, any account, or nothing at all."""


@dataclass(frozen=True)
class Rule:
    """What one page or route needs. `{name}` stands for one part of the address, `{name:path}` for all that follow."""

    pattern: str
    needs: Needs
    says: str
    methods: tuple[str, ...] = ("GET", "HEAD")

    def fits(self, method: str, path: str) -> bool:
        """Return whether this rule is about a request."""
        return method.upper() in self.methods and _compiled(self.pattern).fullmatch(path) is not None

    def opens(self, person: HasRoles | None) -> bool:
        """Return whether somebody, or nobody who is known, may open it."""
        if self.needs == "nothing":
            return True
        if person is None:
            return False
        return self.needs == "an-account" or may(person, self.needs)


_SEND = ("POST",)
_BOTH = ("GET", "HEAD", "POST")

RULES: tuple[Rule, ...] = (
    # Before anybody is known
    Rule("/login", "nothing", "The page on which people say who they are."),
    Rule("/login", "nothing", "Name and password are sent.", _SEND),
    Rule("/invite/{token}", "nothing", "What an invitation link opens: the link is the proof."),
    Rule("/invite/{token}", "nothing", "The password of somebody who was invited is sent.", _SEND),
    Rule("/health", "nothing", "Whether the program lives; tells nothing else."),
    Rule("/ready", "nothing", "Whether the program can work; tells nothing else."),
    # Nothing of a workspace is in these: the looks of the pages and the program of the browser.
    Rule("/_tandem/{digest}/{file:path}", "nothing", "Style sheets and fonts."),
    Rule("/_nicegui/{version}/{file:path}", "nothing", "Program files of the pages."),
    Rule("/favicon.ico", "nothing", "The picture of the tab."),
    # With any account
    Rule("/", "an-account", "Where one begins: what this person may open."),
    Rule("/logout", "an-account", "Ends the session.", _SEND),
    Rule("/account", "an-account", "One's own account."),
    Rule("/account/password", "change-own-password", "A new password is sent.", _SEND),
    Rule("/account/hours", "change-own-hours", "Hours, days away and budget are sent.", _SEND),
    Rule("/_nicegui_ws/{rest:path}", "an-account", "The socket of a page, which has a rule of its own.", _BOTH),
    # The inbox
    Rule("/inbox", "answer", "The inbox."),
    Rule("/inbox/{file:path}", "answer", "The inbox, its program and its questions."),
    Rule("/inbox/api/{call:path}", "answer", "Answers, skips, undoing and leases are sent.", _SEND),
    # Drawing and running
    Rule("/flow/{flow}", "read-flows", "The drawing of a flow; what may be changed depends on the person."),
    Rule("/_tandem/files/{page}", "upload-data", "A data file is sent.", _SEND),
    # Looking
    Rule("/insight/{flow}", "open-insight", "The insight of a flow."),
    Rule("/insight/{flow}/{file:path}", "download-report", "Reports and tables as files."),
    Rule("/people", "see-people", "People, teams and absences."),
    Rule("/people/{call:path}", "manage-people", "People, teams and absences are changed.", _SEND),
)


def rule_of(path: str, method: str = "GET") -> Rule | None:
    """Return the rule of an address or of the pattern of a route; None where nothing is said, so nobody may.

    The first rule that fits counts. Addresses that climb (`..`) have none.
    """
    if ".." in path.split("/"):
        return None
    return next((rule for rule in RULES if rule.fits(method, path)), None)


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    parts = re.split(r"(\{\w+(?::path)?\})", pattern)
    return re.compile("".join(_part(part) for part in parts), re.DOTALL)


def _part(part: str) -> str:
    if not part.startswith("{"):
        return re.escape(part)
    return ".*" if part.endswith(":path}") else "[^/]+"
