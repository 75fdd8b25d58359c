// Light or dark before the first paint, whether the page is narrow, and bringing a file to the server.
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
