"""What the events of a book tell, as facts by what they are about: the audit compares them with the store."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal, TypeAlias

from runtime.events import Event
from runtime.values import digest_of

Noun = Literal["answer", "question", "result", "round", "log", "sealing", "delivery", "run", "look", "handover"]
Facts: TypeAlias = dict[str, object]
"""What is claimed of one thing: a name for a person to read, and a digest or a plain value."""

Told: TypeAlias = dict[tuple[Noun, object], Facts]
"""Facts by noun and key; what an older program did not tell is missing, and so is not compared."""


def told_by(events: Iterable[Event]) -> Told:
    """Return all facts that events tell; an event that cannot be read tells nothing."""
    told: Told = {}
    corrected: set[object] = set()
    for event in events:
        try:
            _tell(told, corrected, event, event.body)
        except (AttributeError, KeyError, TypeError):
            continue  # changed by hand, which the chain says already
    for (noun, key), facts in told.items():
        if noun == "answer":
            facts["whether it counts"] = key not in corrected
    return told


def _tell(told: Told, corrected: set[object], event: Event, body: Mapping[str, object]) -> None:
    match event.what:
        case "answers-accepted":
            for name, content in _digests(body["answers"]):
                told["answer", name] = content
            corrected |= set(_names(body["corrected"]))
        case "answer-withdrawn":
            corrected.add(body["answer"])
            corrected.discard(body["restored"])
        case "advice-shown":
            told["look", (body["question"], body["person"])] = {"content": body["content"]}
        case "handed-over":
            told["handover", body["handover"]] = {"content": body["content"]}
        case "questions-asked":
            _ask(told, body["questions"])
        case "questions-closed":
            for name in _names(body["questions"]):
                told["question", name]["whether it is closed"] = True
        case "step-done" | "step-reused":
            told["result", (body["round"], body["step"])] = _result(body)
        case "round-opened":
            told["round", body["round"]] = _opened(event)
        case "round-closed" | "round-stopped":
            told["round", body["round"]] |= _ended(event)
        case "log-sealed":
            _seal(told, body)
        case "delivery-ordered":
            facts: Facts = {"its file": body["artifact"], "when it was published": None}
            told["delivery", _delivery(body)] = facts | _some(body, delivery="its place", delivered="its decisions")
        case "delivery-published":
            told["delivery", _delivery(body)]["when it was published"] = event.at
        case "run-ordered":
            told["run", body["run"]] = {"what was ordered": digest_of(body["wanted"])}
        case _:
            pass


def _ask(told: Told, questions: object) -> None:
    for name, content in _digests(questions):
        facts = told.setdefault(("question", name), {})
        facts["wording"] = name  # the id is the hash of the wording
        if content:
            facts |= content | {"whether it is closed": False}


def _result(body: Mapping[str, object]) -> Facts:
    facts: Facts = {"what made it": body["key"]}
    if "result" in body:
        facts["outputs"] = body["result"]
        facts["figures"] = body.get("figures", "")
        facts["models"] = body.get("models", "")
        facts["sealed truth"] = body.get("truth", "")
        facts["answers it was settled with"] = body.get("settled", "")
    return facts


def _opened(event: Event) -> Facts:
    facts: Facts = {"state": "open", "opened": event.at, "closed": None}
    facts |= {name: event.body[name] for name in ("now", "seed", "flow")}
    return facts | _some(event.body, people="people", overrides="overrides", asked_before="questions before it")


def _ended(event: Event) -> Facts:
    return {"state": event.what.removeprefix("round-"), "closed": event.at} | _some(event.body, says="sentence")


def _seal(told: Told, body: Mapping[str, object]) -> None:
    facts: Facts = {"entries": body["entries"]}
    told["log", (body["step"], body["port"], body["round"])] = facts | _some(body, content="content")
    # An older program did not tell which answers it sealed: nothing is claimed then.
    told.setdefault(("sealing", (body["step"], body["round"])), {}).update(_some(body, answers="the answers in it"))


def _delivery(body: Mapping[str, object]) -> object:
    """Return what names a delivery; an older program told only round, step and file."""
    return body.get("delivery", (body["round"], body["step"], body["artifact"]))


def _some(body: Mapping[str, object], **names: str) -> Facts:
    return {fact: body[name] for name, fact in names.items() if name in body}


def _digests(part: object) -> list[tuple[str, Facts]]:
    """Return names with the digest of their content; an older program told the names alone."""
    if isinstance(part, dict):
        return [(str(name), {"content": digest}) for name, digest in part.items()]
    return [(name, {}) for name in _names(part)]


def _names(part: object) -> list[str]:
    if not isinstance(part, list):
        raise TypeError
    return [str(name) for name in part]
