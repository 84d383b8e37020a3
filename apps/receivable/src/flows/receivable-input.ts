import { record, text } from "@stateset/codec/schema";

/** An identity id, an X.500 name, or the name of an organisation. */
export const partyName = text({ min: 1, max: 1024 });

/** A linear id, or the number of the invoice where that tells which one is meant. */
const stateName = text({ min: 1, max: 128 });

export const offerInput = record({ offer: stateName });
export const receivableInput = record({ receivable: stateName });
export const noticeInput = record({ notice: stateName });
