"""Publishing files: named by a commit first, then put in their place, again after a kill."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

from runtime import events
from runtime.artifacts import sync_file, sync_folder
from runtime.round import Delivery, inside
from runtime.values import Table, digest_of

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from runtime.store import Book, Store


def post(tx: Connection, book: Book, round_number: int, step: str, delivery: Delivery, at: str) -> None:
    """Note in the transaction of a result which file is to be published where."""
    from sqlalchemy import insert

    from runtime.schema import outbox

    identity = digest_of([book.flow, book.name, round_number, step, delivery.target, delivery.artifact])
    delivered = delivery.delivered
    plain = {} if delivered is None else delivered.plain()
    tx.execute(
        insert(outbox).values(
            id=identity,
            book=book.id,
            round=round_number,
            step=step,
            artifact=delivery.artifact,
            target=delivery.target,
            delivered=plain,
        )
    )
    events.append(
        tx, book.id, at, "delivery-ordered", round=round_number, step=step, artifact=delivery.artifact,
        delivery=identity, delivered=digest_of(plain),
    )  # fmt: skip


def publish(store: Store, book: Book, folder: Path) -> tuple[Path, ...]:
    """Put every file that waits in its place, and return where they lie."""
    from sqlalchemy import select

    from runtime.schema import outbox

    query = select(outbox).where(outbox.c.book == book.id, outbox.c.published.is_(None))
    with store.reading() as connection:
        waiting = connection.execute(query.order_by(outbox.c.round, outbox.c.step, outbox.c.target)).all()
    return tuple(_publish(store, book, folder, row) for row in waiting)


def place_of(store: Store, book: Book, folder: Path, target: str) -> Path:
    """Return where a file of a book goes: into the workspace, or into the rehearsal's own folder."""
    if not book.rehearsal:
        return inside(folder, target)
    base = store.folder / "rehearsals" / book.flow / book.name
    path = inside(base, target)
    return path.with_name(f"simulated-{path.name}")


def delivered_before(connection: Connection, store: Store, book: int, step: str) -> dict[str, Table]:
    """Return, by target, the decisions in the file that was last published by a step."""
    from sqlalchemy import select

    from runtime.schema import outbox

    rows = connection.execute(
        select(outbox.c.target, outbox.c.delivered)
        .where(outbox.c.book == book, outbox.c.step == step, outbox.c.published.is_not(None))
        .order_by(outbox.c.round)
    )
    return {row.target: Table.read(row.delivered, store.artifacts) for row in rows if row.delivered}


def _publish(store: Store, book: Book, folder: Path, row: Any) -> Path:
    from sqlalchemy import update

    from runtime.schema import outbox

    final = place_of(store, book, folder, row.target)
    _put(store.artifacts.found(row.artifact), final, row.id)
    at = store.moment()
    with store.transaction() as tx:
        tx.execute(update(outbox).where(outbox.c.id == row.id).values(published=at))
        events.append(
            tx, book.id, at, "delivery-published", round=row.round, step=row.step, artifact=row.artifact,
            delivery=row.id,
        )  # fmt: skip
    return final


def _put(source: Path, final: Path, name: str) -> None:
    """Put a copy in its place at once, never in parts; `name` is its own, so a kill leaves nothing over."""
    final.parent.mkdir(parents=True, exist_ok=True)
    part = final.with_name(f".{name[:16]}.part")
    try:
        shutil.copyfile(source, part)
        os.chmod(part, final.stat().st_mode & 0o777 if final.exists() else 0o644)
        sync_file(part)
        os.replace(part, final)
    finally:
        part.unlink(missing_ok=True)
    sync_folder(final.parent)
