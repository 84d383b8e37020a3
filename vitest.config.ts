import { defineConfig } from "vitest/config";

/** Packages resolve to their TypeScript sources through `exports`: nothing is built first. */
export default defineConfig({
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          include: [
            "{packages,apps}/*/src/**/*.test.ts",
            "tools/**/*.test.ts",
            "bench/**/*.test.ts",
          ],
        },
      },
      {
        extends: true,
        test: {
          name: "scenario",
          include: ["{packages,apps}/*/test/**/*.test.ts"],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          // The machine may be busy: what is waited for ends the wait, and not a second.
          expect: { poll: { timeout: 30_000 } },
        },
      },
    ],
  },
});
