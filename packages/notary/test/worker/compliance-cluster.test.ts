import { NOTARY_COMPLIANCE, NotaryFixture } from "@stateset/testing";
import { beforeAll, test } from "vitest";
import { ModelCluster } from "./model-cluster.ts";

let fixture: NotaryFixture;

beforeAll(async () => {
  fixture = await NotaryFixture.start(
    async (map) => (await ModelCluster.start(map, 4)).subject(),
    "compliance of a cluster",
  );
});

test.each(NOTARY_COMPLIANCE)("$name", async ({ run }) => {
  await run(fixture);
});
