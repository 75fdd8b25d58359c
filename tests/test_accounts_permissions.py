"""Who may do what: the table is whole, and every page is found in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import get_args

import pytest

from runtime.accounts.permissions import (
    LEAST_GROUP,
    PERMISSIONS,
    ROLE_SAYS,
    ROLES,
    Action,
    Permission,
    Role,
    may,
    may_see_group,
)
from runtime.accounts.routes import RULES, Rule, rule_of


@dataclass(frozen=True)
class Somebody:
    roles: tuple[str, ...]


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("row", PERMISSIONS, ids=lambda row: row.action)
def test_a_role_may_what_the_table_says_and_nothing_else(row: Permission, role: Role) -> None:
    assert may(Somebody((role,)), row.action) == (role in row.roles)
    assert may(Somebody(("nobody-knows-this-role", role)), row.action) == (role in row.roles)
    assert not may(Somebody(()), row.action)


def test_every_action_stands_in_the_table_once_with_a_sentence() -> None:
    assert sorted(row.action for row in PERMISSIONS) == sorted(get_args(Action))
    assert all(row.roles <= set(ROLES) and row.roles and row.says.endswith(".") for row in PERMISSIONS)
    assert set(ROLE_SAYS) == set(ROLES)


def test_an_auditor_changes_nothing_but_the_own_password() -> None:
    changing = {row.action for row in PERMISSIONS if row.changes != "nothing" and "auditor" in row.roles}
    assert changing == {"change-own-password"}


def test_an_auditor_reads_all() -> None:
    # Answering is the one look at work that is not reading: a question is for whom it is asked.
    assert {row.action for row in PERMISSIONS if row.changes == "nothing" and "auditor" not in row.roles} == set()


def test_a_reviewer_sees_what_is_their_own_and_nothing_else() -> None:
    assert {row.action for row in PERMISSIONS if "reviewer" in row.roles} == {
        "answer", "see-own-figures", "change-own-password", "change-own-hours",
    }  # fmt: skip


def test_figures_by_person_are_for_the_auditor_and_others_see_five_or_more() -> None:
    assert [role for role in ROLES if may(Somebody((role,)), "see-figures-by-person")] == ["auditor"]
    assert may_see_group(Somebody(("auditor",)), 1)
    for role in ("designer", "operator"):
        assert may_see_group(Somebody((role,)), LEAST_GROUP)
        assert not may_see_group(Somebody((role,)), LEAST_GROUP - 1)
    assert not may_see_group(Somebody(("reviewer",)), 100)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: f"{rule.methods[-1]} {rule.pattern}")
def test_a_rule_is_found_by_its_pattern_and_opens_to_whom_the_table_lets(rule: Rule) -> None:
    for method in rule.methods:
        assert rule_of(rule.pattern, method) is rule, "an earlier rule hides it"
    known = {*get_args(Action), "nothing", "an-account"}
    assert rule.needs in known and rule.says.endswith(".")
    assert rule.opens(None) == (rule.needs == "nothing")
    for role in ROLES:
        free = rule.needs in ("nothing", "an-account")
        assert rule.opens(Somebody((role,))) == (free or may(Somebody((role,)), rule.needs))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/secret"), ("DELETE", "/people"), ("POST", "/inbox"), ("GET", "/inbox/../people"), ("GET", ""),
        ("GET", "//login"), ("GET", "/login/"), ("GET", "/login\n"), ("GET", "/Login"), ("POST", "/insight/late"),
        ("GET", "/_nicegui"), ("GET", "/flow/a/b"), ("GET", "/invite/"),
    ],
)  # fmt: skip
def test_a_page_without_a_rule_is_nobodys(method: str, path: str) -> None:
    assert rule_of(path, method) is None


def test_an_address_has_the_rule_of_its_pattern() -> None:
    assert rule_of("/inbox/api/next") is rule_of("/inbox/{file:path}")
    assert rule_of("/insight/late-shipments") is rule_of("/insight/{flow}")
    changing = [rule for rule in RULES if "POST" in rule.methods and rule.needs in ("nothing", "an-account")]
    assert [rule.pattern for rule in changing] == ["/login", "/invite/{token}", "/logout", "/_nicegui_ws/{rest:path}"]
