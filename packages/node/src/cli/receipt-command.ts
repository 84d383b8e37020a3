import {
  assertInBlock,
  blockPayload,
  countMembers,
  encodeReceiptFile,
  LedgerError,
  type MemberSet,
  type ReceiptTrust,
  verifyReceipt,
} from "@stateset/ledger";
import type { Command } from "commander";
import { type Notarisation, notarisationOf, readNotarisation } from "../notarisation.ts";
import { problemOf } from "../problem/problem.ts";
import { RequestError } from "../request-error.ts";
import { example, outputOf } from "./command-output.ts";
import { readBoundedFile, writeOutputFile } from "./files.ts";
import { restClientFor, type TargetOptions, withTarget } from "./node-target.ts";
import { type TrustOptions, trustAbout, withTrust } from "./trust-options.ts";

/** As large as a transaction file may be, which has its receipt with it. */
const FILE_BYTES_MAX = 64 << 20;

export function addReceiptCommand(program: Command): void {
  const receipt = program
    .command("receipt")
    .description("save the proof that a transaction was notarised, and check it offline")
    .addHelpText("after", example("receipt verify invoice.receipt --trust notary.trust"));
  withTarget(receipt.command("get <id>"))
    .description("get a transaction's receipt from a node that holds it")
    .option("--out, --output <file>", "where to write it (default: it is shown)")
    .addHelpText("after", example(`receipt get ${"0f".repeat(32)} --output invoice.receipt`))
    .action(getCommand);
  withTrust(receipt.command("verify <file>"))
    .description(
      "check offline that a transaction was notarised: by a receipt file, the JSON of a receipt " +
        "or transaction, or a transaction file. Without anybody to believe it fails",
    )
    .addHelpText(
      "after",
      example(
        "receipt verify invoice.receipt --trust notary.trust",
        "receipt verify invoice.receipt --dir .stateset",
      ),
    )
    .action(verifyCommand);
}

async function getCommand(
  id: string,
  options: TargetOptions & { output?: string },
  command: Command,
): Promise<void> {
  const path = `/v1/transactions/${encodeURIComponent(id)}/receipt`;
  const { body } = await restClientFor(options).get(path);
  const { receipt } = notarisationOf({ ...(body as object), id });
  // Whatever the node says: what is kept has to be of this transaction.
  assertInBlock(receipt, id as Notarisation["id"]);
  const { height, blockTime } = receipt.block;
  const told = `notarised ${timeOf(blockTime)} in block ${height} of cluster ${receipt.block.cluster}`;
  const { output: file } = options;
  if (file === undefined) {
    outputOf(command).answer({ id, receipt }, [id, `  ${told}`, `  ${UNVERIFIED}`]);
    return;
  }
  const encoded = encodeReceiptFile({ id: id as Notarisation["id"], receipt });
  await writeOutputFile(file, encoded);
  outputOf(command).answer({ id, file, bytes: encoded.length, height, blockTime }, [
    id,
    `  ${told}`,
    `  written ${file}, ${encoded.length} bytes; ${UNVERIFIED}`,
  ]);
}

const UNVERIFIED = "check it with stateset receipt verify";

async function verifyCommand(file: string, options: TrustOptions, command: Command): Promise<void> {
  const output = outputOf(command);
  try {
    const claimed = readNotarisation(await readBoundedFile(file, FILE_BYTES_MAX));
    assertNotary(claimed);
    const { id, receipt } = claimed;
    const { cluster, height, blockTime, memberEpoch: epoch } = receipt.block;
    const trust = await trustAbout(cluster, options, command);
    if (trust === undefined) throw withoutTrust(claimed);
    verifyReceipt(receipt, id, trust);
    const { signers, members } = signersOf(claimed, trust);
    const { quorum } = members;
    output.answer({ ok: true, id, cluster, height, blockTime, epoch, signers, quorum }, [
      `${id} was notarised`,
      `  cluster     ${cluster}`,
      `  block       ${height}, ${timeOf(blockTime)}`,
      `  signatures  ${signers} of ${members.members.length} members, ${quorum} needed`,
      `  members     of epoch ${epoch}${laterVoucher(claimed, trust)}`,
      `  network     ${trust.network}`,
    ]);
  } catch (error) {
    const problem = problemOf(error);
    if (problem === undefined) throw error;
    const { type: _, title: __, ...told } = withRemedy(problem);
    output.note(`${told.code}: ${told.detail}`);
    output.answer({ ok: false, error: told }, []);
    process.exitCode = 1;
  }
}

function signersOf({ receipt }: Notarisation, { network, memberSets }: ReceiptTrust) {
  const { block, signatures } = receipt;
  const members = memberSets.find(({ epoch }) => epoch === block.memberEpoch) as MemberSet;
  return { members, signers: countMembers(members, signatures, blockPayload(network, block)) };
}

function laterVoucher({ receipt }: Notarisation, { memberSets }: ReceiptTrust): string {
  const current = memberSets.at(-1)?.epoch;
  const { block, inHistory } = receipt;
  if (block.memberEpoch === current) return ", the newest that is trusted";
  return `, retired; block ${inHistory?.block.height} of epoch ${current} vouches for it`;
}

/** @throws LedgerError `receipt/wrong-chain` where the transaction itself names another notary */
function assertNotary({ notary, receipt }: Notarisation): void {
  const { cluster: found } = receipt.block;
  if (notary !== undefined && notary !== found)
    throw new LedgerError({ code: "receipt/wrong-chain", expected: notary, found });
}

/**
 * A receipt that hangs together is not a valid one: anybody can make such a block. This never looks
 * like success, so there is no option that makes it one.
 */
function withoutTrust({ id, receipt }: Notarisation): Error {
  assertInBlock(receipt, id);
  const { cluster, height, memberEpoch: epoch } = receipt.block;
  return new RequestError(
    "receipt/no-trust",
    `Not verified. The file is consistent only: ${id} is in the block that it brings, which ` +
      "anybody could have made. Say whom to believe: give --trust, --network-map or --dir",
    { id, cluster, height, epoch },
  );
}

type Told = NonNullable<ReturnType<typeof problemOf>>;

/** The ledger's sentences say what is wrong; here somebody wants to know what to do. */
function withRemedy(problem: Told): Told {
  const remedy = problem.path === undefined ? REMEDIES[problem.code] : undefined;
  return remedy === undefined ? problem : { ...problem, detail: `${problem.detail}: ${remedy}` };
}

const REMEDIES: Readonly<Record<string, string>> = {
  "receipt/malformed": "get the file again",
  "receipt/untrusted-members": "get a trust file with the members up to that epoch",
  "receipt/wrong-chain": "get the receipt from the transaction's notary",
  "receipt/not-in-block": "get the receipt of this very transaction",
  "receipt/quorum-missing": "get the receipt again; who gave it may have changed it",
  "receipt/retired-epoch": "get a receipt with a path in the current history",
};

/** A block's time is anybody's number until it is verified, and may be beyond all calendars. */
function timeOf(ms: number): string {
  const date = new Date(ms);
  return Number.isNaN(date.getTime()) ? `at ${ms} ms` : date.toISOString();
}
