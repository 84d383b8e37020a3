import { text } from "@stateset/codec/schema";

/** An identity id, an X.500 name, or the name of an organisation. */
export const partyName = text({ min: 1, max: 1024 });

/** An invoice's linear id, or its number where no other invoice of this node has it. */
export const invoiceName = text({ min: 1, max: 128 });
