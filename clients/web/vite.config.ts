import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

/** How the page names its worker. Vite itself would build that one apart, with all that it imports. */
const WORKER = 'new URL("./worker.ts", import.meta.url)';

/** Builds page and worker as one, so that what both need is in there once. */
const oneBuild: Plugin = {
  name: "one-build",
  apply: "build",
  enforce: "pre",
  transform: {
    filter: { id: /\/watch\/watching\.ts$/ },
    handler(code, importer) {
      if (!code.includes(WORKER)) this.error(`it does not name its worker as ${WORKER}`);
      const worker = this.emitFile({ type: "chunk", id: "./worker.ts", name: "worker", importer });
      return code.replace(WORKER, `import.meta.ROLLUP_FILE_URL_${worker}`);
    },
  },
};

export default defineConfig({
  plugins: [oneBuild],
  build: {
    assetsDir: "static",
    // What a page holds and no more: Envoy serves each file by a route of its own.
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    license: { fileName: "LICENSES.md" },
    reportCompressedSize: true,
  },
  worker: { format: "es" },
  server: { proxy: { "/hatchery.": "http://127.0.0.1:8080" } },
  test: { include: ["tests/**/*.test.ts"], restoreMocks: true },
});
