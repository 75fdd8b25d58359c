// The cursor stays where a person put it, though the page draws that place anew.
(() => {
  const inside = "input:not([type=file]), select, textarea, button";
  const called = (one) => one.getAttribute("aria-label") ?? one.textContent;
  let [last, outside] = [null, null];
  document.addEventListener("focusin", (event) => {
    const above = event.target.closest(".q-dialog, .q-menu");
    const row = event.target.closest("[data-row]");
    if (above && !row) return; // what it was opened from is gone back to
    if (!above && !event.target.closest(".td-side")) outside = event.target;
    const nth = row && [...row.querySelectorAll(inside)].indexOf(event.target);
    last = row && { row: row.dataset.row, name: called(event.target), nth };
  });
  const within = (name) => [...document.querySelectorAll(`[data-row="${CSS.escape(name)}"] :is(${inside})`)];
  document.addEventListener("pointerdown", (event) => {
    if (!event.target.closest("[data-row]")) last = null;
  });
  window.tandemKeepFocus = () => requestAnimationFrame(() => {
    if (document.activeElement !== document.body || !last) return;
    const found = within(last.row);
    const same = found.find((one) => called(one) === last.name);
    (same ?? found[Math.min(last.nth, found.length - 1)])?.focus();
  });
  window.tandemEnterPanel = () => requestAnimationFrame(() => {
    const found = document.activeElement?.closest(".td-finding");
    const byKeys = document.activeElement?.matches(
      ":is(.vue-flow__node, .td-outline button, .td-finding *):focus-visible",
    );
    if (byKeys) document.querySelector(`.td-panel [data-row] :is(${inside})`)?.focus();
    if (byKeys && found) outside = null; // the way back is to the card, not to what it was looked for from
  });
  const homes = [".vue-flow__node.selected", ".td-outline [aria-expanded=true]", ".td-canvas"];
  window.tandemLeavePanel = () => requestAnimationFrame(() => {
    const now = document.activeElement;
    if (now !== document.body && !now?.closest(".td-side")) return;
    const home = homes.map((one) => document.querySelector(one)).find(Boolean);
    (outside?.isConnected ? outside : home)?.focus();
  });
  window.tandemFocusRow = (name) => requestAnimationFrame(() => {
    const first = within(name)[0];
    first?.closest("details")?.setAttribute("open", "");
    first?.scrollIntoView({ block: "nearest" });
    first?.focus();
  });
})();
