"""What waits for a person, what they may see of it, and their answers, in terminal, file and browser.

Nothing here gives away what the model thinks, why a case was picked or how urgent it is before the
answer is kept, unless the step shows it with the question.
"""

from __future__ import annotations

from runtime.inbox.advice import Advice
from runtime.inbox.ask import Ask, Given, Standing
from runtime.inbox.cards import Shows
from runtime.inbox.case_view import CaseView
from runtime.inbox.desk import Desk
from runtime.inbox.inbox import Inbox, myself
from runtime.inbox.keeping import Filled, Kept
from runtime.inbox.left import Left
from runtime.inbox.second_look import SecondLook

__all__ = [
    "Advice", "Ask", "CaseView", "Desk", "Filled", "Given", "Inbox", "Kept", "Left", "SecondLook", "Shows",
    "Standing", "myself",
]  # fmt: skip
