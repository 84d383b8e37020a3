export {
  createKeyStore,
  type FileKeyStore,
  type KeyStoreOptions,
  openKeyStore,
} from "./file-key-store.ts";
export { KeyStoreError, type KeyStoreFault } from "./key-store-error.ts";
