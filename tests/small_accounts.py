"""Accounts whose clock stands still until it is moved, and whose hashes are made fast."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from argon2 import PasswordHasher

from runtime.accounts.accounts import Accounts
from runtime.accounts.login import SignedIn, log_in, set_password
from runtime.accounts.managing import add
from runtime.accounts.passwords import Passwords

GOOD = "brass otter winter canal"
BEGIN = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)


@dataclass
class Clock:
    """A clock that is moved by hand."""

    at: datetime = BEGIN

    def __call__(self) -> datetime:
        return self.at

    def pass_by(self, **time: float) -> None:
        self.at += timedelta(**time)


@dataclass
class CountingHasher(PasswordHasher):
    """As Argon2, with the least work, counting how often passwords are compared."""

    compared: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(time_cost=1, memory_cost=8, parallelism=1)

    def verify(self, hash: str | bytes, password: str | bytes) -> bool:
        self.compared.append(str(hash))
        return super().verify(hash, password)


def small_accounts(folder: Path, clock: Clock) -> Accounts:
    return Accounts.open(folder / ".tandem", Passwords(CountingHasher()), clock=clock)


def with_password(accounts: Accounts, name: str, password: str = GOOD) -> SignedIn:
    """Add somebody who has signed in."""
    add(accounts, name)
    set_password(accounts, name, password)
    return log_in(accounts, name, password)
