"""Passwords: which are taken, and how they are kept so that nobody can read them."""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Iterable
from functools import cached_property

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from flows.problems import refuse

LEAST, MOST = 12, 1_000
_FEWEST_DIFFERENT = 5
_BETTER = "Take three or four words that only you would join."
_AT_ONCE = 2
"""How many hashes are made at the same time: each takes 64 MB, and a flood of attempts must not take it all."""

# What is left of the most common passwords without digits and signs, and the rows that fingers run along.
_COMMON_WORDS = """
    password passwort motdepasse contrasena senha passw passwd letmein letmeinplease welcome willkommen
    bienvenue admin administrator root superuser user guest changeme changemenow secret topsecret mysecret
    default temporary iloveyou iloveyouforever trustnoone monkey dragon football baseball basketball superman
    batman sunshine princess master hello helloworld whatever starwars qwerty qwertz azerty tandem tandemtandem
    tandempassword mypassword thisismypassword passwordpassword correcthorsebatterystaple summer winter spring
    autumn company login test testtest testing computer internet samsung google facebook michael jordan charlie
    jennifer
"""
_COMMON = frozenset(_COMMON_WORDS.split())
_STANDS_FOR = str.maketrans("013457@$!", "oleastasi")
_ROWS = (
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890123456789",
    "qwertyuiopasdfghjklzxcvbnm",
    "qwertzuiopasdfghjklyxcvbnm",
    "azertyuiopqsdfghjklmwxcvbn",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm",
    "1q2w3e4r5t6z7u8i9o0p",
    "1q2w3e4r5t6y7u8i9o0p",
)
_RUN = 4
"""Characters in a row on a keyboard or in the alphabet that count as one step of the finger."""


def normal(password: str) -> str:
    """Return a password in the form that is the same on every keyboard (NFKC)."""
    return unicodedata.normalize("NFKC", password)


def check(password: str, about: Iterable[str] = ()) -> None:
    """Refuse a new password that is too short, too long or easy to guess.

    `about` are words that belong to the person, such as name and mail address.
    Raises `Refused` (`password-weak`).
    """
    reason = _too_long(password) or _reason(normal(password), about)
    if reason:
        raise refuse("password-weak", f"This password is not taken: {reason}")


class Passwords:
    """Argon2id with the parameters of RFC 9106 for little memory: 3 passes over 64 MB."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher()
        self._turns = threading.BoundedSemaphore(_AT_ONCE)

    def kept(self, password: str) -> str:
        """Return the hash under which a password is kept."""
        with self._turns:
            return self._hasher.hash(_bytes(password))

    def fits(self, password: str, kept: str | None) -> bool:
        """Return whether a password belongs to a hash; without a hash the same work is done for nothing."""
        nobody = self._nobody
        right = self._verified(kept or nobody, _bytes(password[:MOST]))
        return right and bool(kept) and len(password) <= MOST

    def is_old(self, kept: str) -> bool:
        """Return whether a hash was made with other parameters than those of today."""
        return self._hasher.check_needs_rehash(kept)

    @cached_property
    def _nobody(self) -> str:
        return self.kept("a password that belongs to nobody")

    def _verified(self, kept: str, password: bytes) -> bool:
        try:
            with self._turns:
                return self._hasher.verify(kept, password)
        except (VerificationError, InvalidHashError):
            return False


def _bytes(password: str) -> bytes:
    return normal(password).encode("utf-8", "surrogatepass")


def _too_long(password: str) -> str:
    return f"it is longer than {MOST:,} characters. Take a shorter one." if len(password) > MOST else ""


def _reason(password: str, about: Iterable[str]) -> str:
    if len(password) < LEAST:
        return f"it has {len(password)} characters, and {LEAST} are needed. {_BETTER}"
    if len(set(password)) < _FEWEST_DIFFERENT:
        return f"it is made of a few characters that repeat. {_BETTER}"
    plain = password.casefold()
    if _is_common(plain) or _runs(plain):
        return f"it is one of those that are guessed first. {_BETTER}"
    if any(_is_most_of(word, plain) for word in about):
        return f"it is little more than your name or mail address. {_BETTER}"
    return ""


def _is_common(plain: str) -> bool:
    """Return whether only a common word is left without digits and signs, some of which stand for letters."""
    inner = re.sub(r"^[\W\d_]+|[\W\d_]+$", "", plain)
    return any(re.sub(r"[\W\d_]+", "", word) in _COMMON for word in (plain, inner.translate(_STANDS_FOR)))


def _is_most_of(word: str, plain: str) -> bool:
    found = normal(word).casefold()
    return len(found) > 2 and found in plain and len(plain) - len(found) < LEAST // 2


def _runs(plain: str) -> bool:
    """Return whether a password is a few runs along the keyboard or the alphabet, such as `qwertyuiop1234`."""
    steps, place = 0, 0
    while place < len(plain):
        place += max(_run_at(plain, place), 1)
        steps += 1
    return steps <= len(plain) // _RUN


def _run_at(plain: str, place: int) -> int:
    length = _RUN
    while any(plain[place : place + length] in way for row in _ROWS for way in (row, row[::-1])):
        if place + length > len(plain):
            break
        length += 1
    return min(length - 1, len(plain) - place) if length > _RUN else 0


CODES: tuple[tuple[str, str], ...] = (
    ("password-weak", "A password is too short, too long or easy to guess. Take three or four words."),
)
