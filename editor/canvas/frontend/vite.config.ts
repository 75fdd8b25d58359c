import { fileURLToPath } from "node:url";

import vue from "@vitejs/plugin-vue";
import { defineConfig, type Plugin } from "vite";

import { fingerprint } from "./seal.mjs";

/** Puts the style sheet into the bundle, so that the page has one file to ask for. */
function styled(): Plugin {
  return {
    name: "styled",
    apply: "build",
    enforce: "post",
    generateBundle(_, bundle) {
      let sheet = "";
      for (const [name, file] of Object.entries(bundle)) {
        if (file.type === "asset" && name.endsWith(".css")) {
          sheet += file.source;
          delete bundle[name];
        }
      }
      const entry = Object.values(bundle).find((file) => file.type === "chunk" && file.isEntry);
      if (entry?.type === "chunk") {
        const text = JSON.stringify(sheet);
        entry.code += `\nconst sheet=document.createElement("style");sheet.dataset.tandem="canvas";sheet.textContent=${text};document.head.append(sheet);\n`;
      }
    },
  };
}

export default defineConfig({
  plugins: [vue(), styled()],
  define: {
    "process.env.NODE_ENV": JSON.stringify("production"),
    __VUE_PROD_DEVTOOLS__: "false",
  },
  build: {
    // Browsers keep a bundle for a year under its address, so the address holds what was built.
    outDir: fileURLToPath(new URL(`../dist/${fingerprint().slice(0, 12)}`, import.meta.url)),
    lib: { entry: "src/index.ts", formats: ["es"], fileName: () => "index.js" },
    target: "es2022",
    minify: "terser",
    cssCodeSplit: false,
    rollupOptions: { external: ["vue"], output: { chunkFileNames: "[name].js" } },
  },
});
