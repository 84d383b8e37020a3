import {
  ADDRESS_BYTES,
  type ChainValidator,
  type ChainValidators,
  KEY_BYTES,
  POWER_MAX,
  VALIDATORS_MAX,
} from "./chain-header.ts";
import { type RpcObject, readRpcResult } from "./rpc-object.ts";
import { validatorAddress } from "./validator-set.ts";

const KEY_TYPE = "tendermint/PubKeyEd25519";

/**
 * The validators in an answer of CometBFT 0.38 to `validators`, all of them on one page
 * (`per_page=100`); whether they are a header's, verifying it tells.
 * @throws LedgerError `light-client/malformed`
 */
export function readRpcValidators(body: string): ChainValidators {
  const result = readRpcResult("validators", body);
  const validators = result.list("validators", VALIDATORS_MAX).map(readValidator);
  if (validators.length === 0) throw result.fault("validators", "empty");
  if (result.int64("total") !== validators.length)
    throw result.fault("total", `not ${validators.length}, as many as there are on this page`);
  return validators;
}

function readValidator(json: RpcObject): ChainValidator {
  const key = json.object("pub_key");
  if (key.text("type", KEY_TYPE.length) !== KEY_TYPE) throw key.fault("type", `not ${KEY_TYPE}`);
  const publicKey = key.base64("value", KEY_BYTES);
  if (publicKey.length !== KEY_BYTES) throw key.fault("value", `not ${KEY_BYTES} bytes`);
  if (json.hex("address", ADDRESS_BYTES) !== validatorAddress(publicKey))
    throw json.fault("address", "not its key's");
  const power = json.bigint("voting_power", POWER_MAX);
  if (power === 0n) throw json.fault("voting_power", "zero");
  return { publicKey, power };
}
