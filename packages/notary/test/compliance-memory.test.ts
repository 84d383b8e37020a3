import { MemoryNotaryStore } from "@stateset/notary";
import { NOTARY_COMPLIANCE, NotaryFixture } from "@stateset/testing";
import { beforeAll, test } from "vitest";
import { embeddedSubject } from "./notary-subject.ts";

let fixture: NotaryFixture;

beforeAll(async () => {
  fixture = await NotaryFixture.start(
    (map) => embeddedSubject(map, new MemoryNotaryStore()),
    "compliance in memory",
  );
});

test.each(NOTARY_COMPLIANCE)("$name", async ({ run }) => {
  await run(fixture);
});
