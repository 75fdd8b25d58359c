// Light or dark before the first paint, whether the page is narrow, keys, and bringing a file to the server.
(() => {
  const system = matchMedia("(prefers-color-scheme: dark)");
  const look = () => localStorage.getItem("tandem-theme") || "system";
  const show = () => {
    const chosen = look();
    const dark = chosen === "dark" || (chosen === "system" && system.matches);
    document.documentElement.dataset.theme = dark ? "dark" : "light";
  };
  window.tandemTheme = (chosen) => { localStorage.setItem("tandem-theme", chosen); show(); };
  window.tandemLooks = () => document.querySelectorAll("[data-look]").forEach((item) => {
    item.setAttribute("aria-checked", String(item.dataset.look === look()));
  });
  system.addEventListener("change", show);
  show();

  const [narrow, middle] = [matchMedia("(max-width: 720px)"), matchMedia("(max-width: 1180px)")];
  const measure = () => {
    document.documentElement.dataset.width = narrow.matches ? "narrow" : middle.matches ? "middle" : "wide";
  };
  narrow.addEventListener("change", measure);
  middle.addEventListener("change", measure);
  measure();
  const tell = () => {
    if (window.did_handshake) emitEvent("tandem-narrow", { narrow: narrow.matches });
    else setTimeout(tell, 30);
  };
  narrow.addEventListener("change", tell);
  window.addEventListener("load", tell);

  // Keys that mean something on the whole page. A canvas that is there takes them itself, except in fields.
  const keys = { z: "undo", "shift+z": "redo", y: "redo", s: "save", f: "find", enter: "run" };
  const pressed = (event) => {
    const key = event.key.toLowerCase();
    if (event.altKey) return null;
    if (event.ctrlKey || event.metaKey) return keys[event.shiftKey ? `shift+${key}` : key];
    return key === "?" ? "help" : null;
  };
  window.addEventListener("keydown", (event) => {
    const action = event.defaultPrevented ? null : pressed(event);
    if (!action || !window.did_handshake) return;
    const field = event.target.closest?.("input, textarea, select, [contenteditable=true]");
    const taken = field ? action !== "save" : document.querySelector(".td-canvas, .q-dialog__inner");
    if (taken) return;
    event.preventDefault();
    field?.blur(); // what was typed last is saved as well
    emitEvent("tandem-key", { action });
  });

  // Arrow keys go through the items of a menu, a list that was found, or tabs.
  document.addEventListener("keydown", (event) => {
    const list = event.target.closest?.("[data-arrows]");
    const ways = list?.dataset.arrows === "across" ? ["ArrowLeft", "ArrowRight"] : ["ArrowUp", "ArrowDown"];
    const way = ways.indexOf(event.key);
    if (!list || way < 0) return;
    const all = [...list.querySelectorAll("button, input")].filter((one) => one.offsetParent);
    const at = all.indexOf(event.target);
    const next = way ? at + 1 : at < 0 ? all.length - 1 : at - 1;
    event.preventDefault();
    all.at(next % all.length)?.focus();
  });

  window.tandemUpload = async (url, file) => {
    if (!file) return null;
    try {
      const headers = { "X-File-Name": encodeURIComponent(file.name) };
      const answer = await fetch(url, { method: "POST", body: file, headers });
      return await answer.json();
    } catch {
      return { says: `'${file.name}' did not arrive. Try it again.` };
    }
  };
})();
