"""The canvas that ships is built from the sources beside it, and asks nothing of the network."""

from __future__ import annotations

import json
import re
from hashlib import sha256
from pathlib import Path

EDITOR = Path(__file__).parents[1] / "editor"
FRONTEND = EDITOR / "canvas" / "frontend"
DIST = EDITOR / "canvas" / "dist"
SINGLE = ("package.json", "package-lock.json", "tsconfig.json", "vite.config.ts", "seal.mjs")


def sources() -> list[Path]:
    """Return every file that the bundle is made of."""
    inside = [file for file in (FRONTEND / "src").rglob("*") if file.is_file()]
    return [*(FRONTEND / name for name in SINGLE), *inside, EDITOR / "theme" / "tokens.css"]


def fingerprint(files: list[Path]) -> str:
    """Return the hash over path and bytes of files, as `seal.mjs` writes it at a build."""
    found = sha256()
    for name, file in sorted((file.relative_to(EDITOR).as_posix(), file) for file in files):
        found.update(f"{name}\n".encode())
        found.update(file.read_bytes())
    return found.hexdigest()


def test_the_bundle_is_built_from_these_sources() -> None:
    built = (DIST / "sources.sha256").read_text(encoding="ascii").strip()
    now = fingerprint(sources())
    assert built == now, "The canvas was changed and not built: run `npm run build` in editor/canvas/frontend."


def test_a_changed_source_changes_the_hash_and_so_the_address(tmp_path: Path) -> None:
    """Browsers keep a bundle for a year under its address."""
    built = (DIST / "sources.sha256").read_text(encoding="ascii").strip()
    assert [folder.name for folder in DIST.iterdir() if folder.is_dir()] == [built[:12]]
    assert fingerprint(sources()[1:]) != built


def test_the_bundle_imports_only_vue_and_its_own_parts() -> None:
    (folder,) = (one for one in DIST.iterdir() if one.is_dir())
    for file in folder.iterdir():
        text = file.read_text(encoding="utf-8")
        imported = set(re.findall(r'(?:from|import)\s*\(?\s*"([^"]+)"', text))
        assert {name for name in imported if not name.startswith("./")} <= {"vue"}
        assert "process.env" not in text


def test_the_lock_file_names_no_registry_and_vue_is_the_one_that_nicegui_ships() -> None:
    lock = json.loads((FRONTEND / "package-lock.json").read_text(encoding="utf-8"))
    assert not [name for name, package in lock["packages"].items() if "resolved" in package]
    import nicegui

    shipped = Path(nicegui.__file__).parent / "static" / "vue.esm-browser.prod.js"
    version = re.search(r"vue v([\d.]+)", shipped.read_text(encoding="utf-8")[:200])
    assert version
    assert lock["packages"]["node_modules/vue"]["version"] == version[1]
