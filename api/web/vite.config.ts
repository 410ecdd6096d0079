import { createHash } from "node:crypto";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join, relative, resolve, sep } from "node:path";
import { defineConfig, type Plugin } from "vite";

const ROOT = import.meta.dirname;
const SOURCES = ["index.html", "package.json", "package-lock.json", "tsconfig.json", "vite.config.ts", "src", "public"];

/** Every file that the built page is made of, relative to this folder, in order. */
function sourceFiles(): string[] {
  const found: string[] = [];
  const visit = (path: string) => {
    const entries = readdirSync(ROOT + "/" + path, { withFileTypes: true });
    for (const entry of entries) {
      const inner = join(path, entry.name);
      if (entry.isDirectory()) visit(inner);
      else found.push(relative(".", inner).split(sep).join("/"));
    }
  };
  for (const source of SOURCES) {
    if (source.includes(".")) found.push(source);
    else visit(source);
  }
  return found.sort();
}

/** Write down which sources the page was built from, so that a test without Node sees stale built files. */
function recordSources(): Plugin {
  let folder = "";
  return {
    name: "record-sources",
    apply: "build",
    configResolved(config) {
      folder = resolve(ROOT, config.build.outDir);
    },
    writeBundle() {
      const lines = sourceFiles().map((name) => {
        const sum = createHash("sha256").update(readFileSync(join(ROOT, name))).digest("hex");
        return `${sum}  ${name}\n`;
      });
      writeFileSync(join(folder, "SOURCES.sha256"), lines.join(""));
    },
  };
}

/** The licences of all packages whose code ends up in the built page, those they bundle included, in one file beside it. */
function licences(): Plugin {
  return {
    name: "licences",
    apply: "build",
    generateBundle(_options, bundle) {
      const packages = new Set<string>();
      for (const chunk of Object.values(bundle)) {
        if (chunk.type !== "chunk") continue;
        for (const id of Object.keys(chunk.modules)) {
          const inside = id.split(sep).join("/").split("/node_modules/").at(-1);
          if (!inside || inside === id || id.startsWith("\0")) continue;
          packages.add(inside.split("/").slice(0, inside.startsWith("@") ? 2 : 1).join("/"));
        }
      }
      const aboutOf = (name: string): { version: string; license?: string; dependencies?: Record<string, string> } =>
        JSON.parse(readFileSync(join(ROOT, "node_modules", name, "package.json"), "utf8"));
      // Some come as one file that holds their dependencies; what is added here is visited, too.
      for (const name of packages) for (const inside of Object.keys(aboutOf(name).dependencies ?? {})) packages.add(inside);
      const texts = [...packages].sort().map((name) => {
        const folder = join(ROOT, "node_modules", name);
        const about = aboutOf(name);
        const files = readdirSync(folder, { withFileTypes: true })
          .filter((entry) => entry.isFile() && /^(licen[cs]e|notice|copying)/i.test(entry.name))
          .map((entry) => entry.name)
          .sort();
        const words = files.map((file) => readFileSync(join(folder, file), "utf8").trim());
        return [`${name} ${about.version} (${about.license ?? "see below"})`, ...words].join("\n\n");
      });
      this.emitFile({ type: "asset", fileName: "LICENCES.txt", source: texts.join(`\n\n${"-".repeat(80)}\n\n`) + "\n" });
    },
  };
}

const server = process.env.FISCALGRAPH_URL ?? "http://127.0.0.1:8765";

export default defineConfig({
  base: "/web/",
  plugins: [licences(), recordSources()],
  build: {
    outDir: "built",
    emptyOutDir: true,
    target: "es2022",
    assetsInlineLimit: 0, // the Content-Security-Policy admits no data: addresses but pictures of our own
    modulePreload: { polyfill: false },
    rollupOptions: {
      output: {
        entryFileNames: "[name]-[hash].js",
        chunkFileNames: "[name]-[hash].js",
        assetFileNames: "[name]-[hash][extname]",
      },
    },
  },
  server: {
    host: "127.0.0.1",
    // While the page is worked on, all that is not the page is asked of a running `fiscalgraph serve`.
    proxy: { "^/(?!web/|@|src/|node_modules/).+": { target: server, changeOrigin: false } },
  },
});
