import { create, toBinary } from "@bufbuild/protobuf";
import { type Any, AnySchema, TimestampSchema } from "@bufbuild/protobuf/wkt";
import { PubKeySchema } from "./generated/cosmos/crypto/ed25519/keys_pb.js";
import { SignMode } from "./generated/cosmos/tx/signing/v1beta1/signing_pb.js";
import {
  AuthInfoSchema,
  SignDocSchema,
  TxBodySchema,
  TxRawSchema,
} from "./generated/cosmos/tx/v1beta1/tx_pb.js";

/** An Ed25519 key that pays for and answers for transactions; the secret stays with its keeper. */
export type TransactionSigner = {
  publicKey: Uint8Array;
  /** @returns the 64 bytes of the signature */
  sign(bytes: Uint8Array): Promise<Uint8Array>;
};

export type TransactionTerms = {
  chainId: string;
  /** Signed too, so that a signature for one account is never one for another. */
  accountNumber: bigint;
  gasLimit: bigint;
  /**
   * In nanoseconds since 1970: blocks of a later time do not take it. In place of a sequence it also
   * tells an account's transactions apart, so that each needs its own.
   */
  timeoutNanos: bigint;
};

const ED25519_KEY = "/cosmos.crypto.ed25519.PubKey";
const NANOS_PER_SECOND = 1_000_000_000n;

/** A transaction of one message, unordered, so that many of one account may be under way at once. */
export async function signTransaction(
  message: Any,
  signer: TransactionSigner,
  { chainId, accountNumber, gasLimit, timeoutNanos }: TransactionTerms,
): Promise<Uint8Array> {
  const timeoutTimestamp = create(TimestampSchema, {
    seconds: timeoutNanos / NANOS_PER_SECOND,
    nanos: Number(timeoutNanos % NANOS_PER_SECOND),
  });
  const body = create(TxBodySchema, { messages: [message], unordered: true, timeoutTimestamp });
  const bodyBytes = toBinary(TxBodySchema, body);
  const authInfoBytes = toBinary(AuthInfoSchema, authInfo(signer.publicKey, gasLimit));
  const document = { bodyBytes, authInfoBytes, chainId, accountNumber };
  const signature = await signer.sign(toBinary(SignDocSchema, create(SignDocSchema, document)));
  const signed = { bodyBytes, authInfoBytes, signatures: [signature] };
  return toBinary(TxRawSchema, create(TxRawSchema, signed));
}

function authInfo(publicKey: Uint8Array, gasLimit: bigint) {
  const value = toBinary(PubKeySchema, create(PubKeySchema, { key: publicKey }));
  const single = { case: "single" as const, value: { mode: SignMode.DIRECT } };
  return create(AuthInfoSchema, {
    signerInfos: [
      {
        publicKey: create(AnySchema, { typeUrl: ED25519_KEY, value }),
        modeInfo: { sum: single },
      },
    ],
    fee: { gasLimit },
  });
}
