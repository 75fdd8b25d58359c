"""What every page loads first: our own looks and fonts, and the few lines that must run in the browser."""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from pathlib import Path

from nicegui import app, ui

THEME = Path(__file__).parent.parent / "theme"
A_YEAR = 31_536_000


def serve_theme() -> None:
    """Serve the style sheets and fonts under an address that changes with them, so that browsers may keep them."""
    app.add_static_files(_address(), THEME, max_cache_age=A_YEAR)


def head() -> None:
    """Load the looks into the page that is being made."""
    sheets = ["tokens.css", *sorted(path.name for path in THEME.glob("*.css") if path.name != "tokens.css")]
    ui.add_head_html("".join(f'<link rel="stylesheet" href="{_address()}/{name}">' for name in sheets) + _scripts())


def _scripts() -> str:
    return "".join(f"<script>{path.read_text(encoding='utf-8')}</script>" for path in sorted(THEME.glob("*.js")))


@cache
def _address() -> str:
    digest = sha256(b"".join(path.read_bytes() for path in sorted(THEME.glob("*.css")))).hexdigest()
    return f"/_tandem/{digest[:12]}"
