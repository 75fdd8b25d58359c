"""What every page loads first: our own looks and fonts, and the few lines that must run in the browser."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

from nicegui import app, ui

THEME = Path(__file__).parent.parent / "theme"
A_YEAR = 31_536_000

SCRIPT = """
<script>
  (() => {
    const system = matchMedia("(prefers-color-scheme: dark)");
    const show = () => {
      const chosen = localStorage.getItem("tandem-theme") || "system";
      const dark = chosen === "dark" || (chosen === "system" && system.matches);
      document.documentElement.dataset.theme = dark ? "dark" : "light";
    };
    window.tandemTheme = (chosen) => { localStorage.setItem("tandem-theme", chosen); show(); };
    system.addEventListener("change", show);
    show();

    const narrow = matchMedia("(max-width: 720px)");
    const tell = () => {
      if (window.did_handshake) emitEvent("tandem-narrow", { narrow: narrow.matches });
      else setTimeout(tell, 30);
    };
    narrow.addEventListener("change", tell);
    window.addEventListener("load", tell);

    window.tandemUpload = async (url, file) => {
      if (!file) return null;
      try {
        const answer = await fetch(url, { method: "POST", body: file, headers: { "X-File-Name": encodeURIComponent(file.name) } });
        return await answer.json();
      } catch {
        return { says: `'${file.name}' did not arrive. Try it again.` };
      }
    };
  })();
</script>
"""


def serve_theme() -> None:
    """Serve the style sheets and fonts under an address that changes with them, so that browsers may keep them."""
    app.add_static_files(_address(), THEME, max_cache_age=A_YEAR)


def head() -> None:
    """Load the looks into the page that is being made."""
    sheets = ["tokens.css", *sorted(path.name for path in THEME.glob("*.css") if path.name != "tokens.css")]
    ui.add_head_html("".join(f'<link rel="stylesheet" href="{_address()}/{name}">' for name in sheets) + SCRIPT)


def _address() -> str:
    digest = sha256(b"".join(path.read_bytes() for path in sorted(THEME.glob("*.css")))).hexdigest()
    return f"/_tandem/{digest[:12]}"
