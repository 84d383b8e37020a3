import { crypto } from "#crypto";

/** AES-256-GCM (NIST SP 800-38D) of the platform. */
export const { aes256Gcm } = crypto;
