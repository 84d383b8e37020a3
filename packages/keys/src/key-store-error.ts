/** Why a key store cannot be made, opened or used. Codes are stable; `remedy` says what helps. */
export type KeyStoreFault =
  | { code: "keys/exists"; path: string }
  | { code: "keys/missing"; path: string }
  | { code: "keys/unreadable"; path: string; reason: string }
  /** Others on the machine may read or change the file. */
  | { code: "keys/exposed"; path: string; mode: string }
  | { code: "keys/malformed"; path: string; reason: string }
  /** Or the file was changed: the cipher cannot tell which. */
  | { code: "keys/wrong-password"; path: string }
  | { code: "keys/weak-password"; found: number; min: number }
  | { code: "keys/wrong-identity-key"; identity: string; expected: string; found: string };

const REMEDIES: Record<KeyStoreFault["code"], string> = {
  "keys/exists": "name another file, or move this one away; a key store is never overwritten",
  "keys/missing": "name the right file, restore it from a backup, or make a new key store",
  "keys/unreadable": "let the node's user read the file",
  "keys/exposed": "take the file's permissions for group and others away (chmod 600)",
  "keys/malformed": "restore the file from a backup",
  "keys/wrong-password": "give the password with which the key store was made",
  "keys/weak-password": "choose a longer password",
  "keys/wrong-identity-key": "open the key store that the identity was registered with",
};

export class KeyStoreError extends Error {
  readonly fault: KeyStoreFault;
  readonly remedy: string;

  constructor(fault: KeyStoreFault, options?: ErrorOptions) {
    const { code, ...facts } = fault;
    super(`${code}: ${JSON.stringify(facts)}; ${REMEDIES[code]}`, options);
    this.name = "KeyStoreError";
    this.fault = fault;
    this.remedy = REMEDIES[code];
  }

  get code(): KeyStoreFault["code"] {
    return this.fault.code;
  }
}
