import { defineConfig } from "vitest/config";

export default defineConfig({
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
