"""What can go wrong around a command, said in one sentence; nothing foreseeable shows a traceback."""

from __future__ import annotations

import errno
import os
import sys
import tempfile
import traceback
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from flows.problems import Refused
from runtime.cli.printing import say, say_problems
from runtime.cli.stopping import Terminated

AGAIN = "Nothing is lost; run the same command again to go on."


def guarded(work: Callable[[], int], words: list[str]) -> int:
    """Return the exit status of some work, and of whatever keeps it from ending."""
    try:
        status = work()
        sys.stdout.flush()
    except SystemExit as end:  # argparse has shown the help of one command
        return int(end.code or 0)
    except Refused as refused:
        say_problems(refused.problems, getattr(refused, "name", ""), sys.stderr)
        return 2
    except BrokenPipeError:
        _silence()
        return 141
    except (KeyboardInterrupt, Terminated) as stop:
        _say_error(f"Stopped. {AGAIN}")
        return 130 if isinstance(stop, KeyboardInterrupt) else 143
    except Exception as error:
        if os.environ.get("TANDEM_DEBUG") == "1":
            traceback.print_exc()
        _say_error(_foreseen(error) or _crash(error, words))
        return 1
    return status


def _foreseen(error: Exception) -> str:
    """Return the sentence for trouble that comes from the machine, or nothing."""
    code = error.errno if isinstance(error, OSError) else None
    text = str(error)
    where = f" ({error.filename})" if isinstance(error, OSError) and error.filename else ""
    if code in (errno.ENOSPC, errno.EDQUOT) or "No space left" in text or "disk is full" in text:
        return f"The disk is full{where}. Make room first. {AGAIN}"
    if code in (errno.EACCES, errno.EPERM, errno.EROFS):
        return f"Permission is denied{where}. Change the rights of that file or folder, or name another one. {AGAIN}"
    if isinstance(error, MemoryError) or code == errno.ENOMEM:
        return f"The memory of this machine is used up. Close other programs, or take fewer rows. {AGAIN}"
    if code in (errno.EMFILE, errno.ENFILE):
        return f"Too many files are open on this machine. Close other programs. {AGAIN}"
    return _of_database(error, text)


def _of_database(error: Exception, text: str) -> str:
    if not type(error).__module__.startswith(("sqlalchemy", "sqlite3", "pysqlite3")):
        return ""
    if "locked" in text:
        return f"Another program holds the store for longer than 30 s. Wait for it to end. {AGAIN}"
    if "readonly" in text or "unable to open" in text:
        return "The store cannot be written. Change the rights of its folder, or name another with --state DIR."
    if "malformed" in text or "not a database" in text:
        return "The store is damaged: its database cannot be read. Bring back a backup with tandem restore."
    if "disk I/O error" in text:
        return f"The disk failed while the store was written. {AGAIN}"
    return ""


def _crash(error: Exception, words: list[str]) -> str:
    """Keep the whole traceback in a file and return the sentence that says where."""
    first = (str(error).splitlines() or [""])[0]
    says = f"Something went wrong that Tandem did not foresee: {type(error).__name__}: {first}"
    try:
        path = _kept(error, words)
    except OSError:
        return f"{says:.400}\nSet TANDEM_DEBUG=1 and run it again to see the whole story."
    return f"{says:.400}\nThe whole story is in {path}. Please send it to the makers of Tandem."


def _kept(error: Exception, words: list[str]) -> Path:
    name = f"crash-{datetime.now(UTC):%Y-%m-%dT%H-%M-%S}.txt"
    folder = next((path for path in _states(words) if path.is_dir()), Path(tempfile.gettempdir()))
    handle = os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace") as file:
        file.write(f"tandem {' '.join(words)}\nPython {sys.version}\n\n")
        file.write("".join(traceback.format_exception(error)))
    return folder / name


def _states(words: list[str]) -> list[Path]:
    """Return the folders in which this command may keep its memory, the likeliest first."""
    named = [Path(words[place + 1]) for place, word in enumerate(words[:-1]) if word == "--state"]
    named += [Path(word.removeprefix("--state=")) for word in words if word.startswith("--state=")]
    return named + [Path(word).parent / ".tandem" for word in words if word.endswith((".yaml", ".yml"))]


def _say_error(sentence: str) -> None:
    try:
        sys.stdout.flush()
    except OSError:
        _silence()
    say(sentence, sys.stderr)


def _silence() -> None:
    """Let the interpreter end without trying once more to write to a pipe or disk that is gone."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError:  # under a test, standard output has no file of its own
        return
