import { defineConfig } from "vitest/config";
import solid from "vite-plugin-solid";

/** `npm run dev` shows the page from its sources, on top of an engine that `dice up` has started. */
const ENGINE = process.env["HERMOD_URL"] ?? "http://127.0.0.1:7460";

export default defineConfig({
  plugins: [solid()],
  build: {
    // No file becomes a `data:` URL: the page's policy allows none.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: "es2022",
  },
  server: {
    proxy: {
      "/api": {
        target: ENGINE,
        changeOrigin: true,
        configure: (proxy) => {
          proxy.on("proxyReq", (request) => request.removeHeader("origin"));
        },
      },
    },
  },
  test: { include: ["src/**/*.test.ts"], environment: "node" },
});
