"""How often somebody may try a password: after five failures the waits grow, by name and by address.

A name that does not exist is counted like one that does. Whoever knows a name can make its owner wait,
at most 15 minutes at a time; that is the price of not letting passwords be guessed.
"""

from __future__ import annotations

import ipaddress
import math
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, insert, select, update

from flows.problems import refuse
from runtime.accounts.accounts import Accounts
from runtime.accounts.names import key_of
from runtime.accounts.tables import attempts
from runtime.moments import read, written

FREE = 5
"""Failures after which the waits begin."""
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=30), timedelta(minutes=15)
FORGOTTEN = timedelta(hours=1)
"""How long after the last attempt a failure counts."""


def claim(accounts: Accounts, name: str, address: str) -> None:
    """Count an attempt as failed before its password is looked at, so that many at once gain nothing.

    Raises `Refused` (`login-wait`) while somebody has to wait; such an attempt does not count.
    """
    now, keys = accounts.now(), _keys(accounts, name, address)
    with accounts.transaction() as tx:
        tx.execute(delete(attempts).where(attempts.c.last < written(now - FORGOTTEN)))
        waits = tx.execute(select(attempts.c.until).where(attempts.c.key.in_(keys))).scalars()
        left = max((read(until) - now for until in waits), default=timedelta())
        if left > timedelta():
            raise refuse("login-wait", f"Too many attempts failed. Wait {_in_words(left)}, then try again.")
        for key in keys:
            _count(tx, key, now)


def forgive(accounts: Accounts, name: str, address: str) -> None:
    """Forget the failures of a name whose password was right, and the attempt that its address had claimed."""
    by_name, by_address = _keys(accounts, name, address)
    with accounts.transaction() as tx:
        tx.execute(delete(attempts).where(attempts.c.key == by_name))
        fewer = {"failures": attempts.c.failures - 1, "until": written(accounts.now())}
        tx.execute(update(attempts).where(attempts.c.key == by_address).values(**fewer))


def _count(tx: Connection, key: str, now: datetime) -> None:
    failures = (tx.execute(select(attempts.c.failures).where(attempts.c.key == key)).scalar() or 0) + 1
    row = {"failures": failures, "last": written(now), "until": written(now + _wait(failures))}
    if failures == 1:
        tx.execute(delete(attempts).where(attempts.c.key == key))
        tx.execute(insert(attempts).values(key=key, **row))
    else:
        tx.execute(update(attempts).where(attempts.c.key == key).values(**row))


def _wait(failures: int) -> timedelta:
    if failures < FREE:
        return timedelta()
    grown: timedelta = FIRST_WAIT * 2 ** min(failures - FREE, 10)
    return min(grown, LONGEST_WAIT)


def _keys(accounts: Accounts, name: str, address: str) -> Sequence[str]:
    return accounts.sealed(f"name:{key_of(name)}"), accounts.sealed(f"address:{_network(address)}")


def _network(address: str) -> str:
    """Return whose address it is: a household or office has 2^64 addresses of version 6."""
    try:
        known = ipaddress.ip_address(address.split("%")[0])
    except ValueError:
        return address[:200]
    if known.version == 4:
        return str(known)
    return str(known.ipv4_mapped or ipaddress.ip_network((known, 64), strict=False))


def _in_words(left: timedelta) -> str:
    seconds = math.ceil(left.total_seconds())
    if seconds <= 90:
        return f"{seconds} seconds" if seconds > 1 else "a second"
    return f"{math.ceil(seconds / 60)} minutes"


CODES: tuple[tuple[str, str], ...] = (
    ("login-wait", "Too many attempts to sign in failed. Wait as long as the sentence says."),
)
