import { crypto } from "#crypto";

/** SHA-256 (FIPS 180-4) of the platform, for formats of others; ours hash under a tag. */
export const { sha256 } = crypto;
