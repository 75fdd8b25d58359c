// What the bundle was built from, as one hash: tests/test_canvas_fresh.py computes it again without node.
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";

const HERE = fileURLToPath(new URL(".", import.meta.url));
const EDITOR = join(HERE, "..", "..");
const DIST = join(HERE, "..", "dist");
const SINGLE = ["package.json", "package-lock.json", "tsconfig.json", "vite.config.ts", "seal.mjs"];

/** The SHA-256 over path and bytes of every source, in the order of the paths. */
export function fingerprint() {
  const files = [
    ...SINGLE.map((name) => join(HERE, name)),
    ...walk(join(HERE, "src")),
    join(EDITOR, "theme", "tokens.css"),
  ];
  const named = files.map((file) => [relative(EDITOR, file).split(sep).join("/"), file]);
  const hash = createHash("sha256");
  for (const [name, file] of named.sort(([a], [b]) => (a < b ? -1 : 1))) {
    hash.update(`${name}\n`);
    hash.update(readFileSync(file));
  }
  return hash.digest("hex");
}

function walk(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? walk(join(folder, entry.name)) : [join(folder, entry.name)],
  );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const now = fingerprint();
  for (const entry of readdirSync(DIST)) {
    if (entry !== now.slice(0, 12)) rmSync(join(DIST, entry), { recursive: true });
  }
  writeFileSync(join(DIST, "sources.sha256"), `${now}\n`);
}
