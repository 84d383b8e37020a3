import { publicKeyOf, type SecretKey } from "@stateset/codec";
import { VmContractRunner } from "@stateset/contract-vm";
import {
  type AttachedBundle,
  applyTransaction,
  formatStateRef,
  hashParameters,
  LedgerError,
  loadBundleFile,
  type ResolvedState,
  type SignedTransaction,
  type StateRef,
  signTransaction,
  type Transaction,
  TransactionBuilder,
  transactionId,
  type VerifiedTransaction,
  type VerifyContext,
  verifyTransaction,
} from "@stateset/ledger";
import {
  type DevelopmentNetwork,
  type DevelopmentParty,
  developmentContract,
} from "../development/development-network.ts";

/** Transactions one after the other in memory, each verified before its states count. */
export class TourLedger {
  readonly cash: Awaited<ReturnType<typeof developmentContract>>;
  readonly invoice: Awaited<ReturnType<typeof developmentContract>>;
  readonly #network: DevelopmentNetwork;
  readonly #parties: readonly DevelopmentParty[];
  readonly #states = new Map<string, ResolvedState>();
  readonly #context: VerifyContext;

  private constructor(
    network: DevelopmentNetwork,
    parties: readonly DevelopmentParty[],
    contracts: Pick<TourLedger, "cash" | "invoice">,
  ) {
    this.#network = network;
    this.#parties = parties;
    this.cash = contracts.cash;
    this.invoice = contracts.invoice;
    this.#context = this.#makeContext();
  }

  static async start(
    network: DevelopmentNetwork,
    parties: readonly DevelopmentParty[],
  ): Promise<TourLedger> {
    const cash = await developmentContract("cash");
    const invoice = await developmentContract("invoice");
    return new TourLedger(network, parties, { cash, invoice });
  }

  builder(): TransactionBuilder {
    return new TransactionBuilder(this.#network);
  }

  sign(transaction: Transaction, ...keys: SecretKey[]): SignedTransaction {
    const id = transactionId(transaction);
    const { network } = this.#network.parameters;
    return { transaction, signatures: keys.map((key) => signTransaction(key, network, id)) };
  }

  /** Verifies, and makes the outputs spendable. */
  async record(signed: SignedTransaction): Promise<VerifiedTransaction> {
    const verified = await verifyTransaction(signed, this.#context);
    applyTransaction(verified, Date.now(), this.#states);
    return verified;
  }

  /** The name of the rule, or the code, that refuses a transaction. */
  async refusal(signed: SignedTransaction): Promise<string> {
    try {
      await verifyTransaction(signed, this.#context);
    } catch (error) {
      if (!(error instanceof LedgerError)) throw error;
      return error.refusedBy;
    }
    throw new Error("a transaction that must be refused was accepted");
  }

  #makeContext(): VerifyContext {
    const { parameters } = this.#network;
    const bundles = new Map<string, AttachedBundle>(
      [this.cash, this.invoice].map(({ file, built }) => [built.hash, loadBundleFile(file)]),
    );
    const parameterHash = hashParameters(parameters);
    const partyOf = (id: string) => this.#parties.find(({ party }) => party.id === id);
    return {
      network: parameters.network,
      parameters: (hash) => (hash === parameterHash ? parameters : undefined),
      bundle: (hash) => bundles.get(hash),
      resolve: (ref: StateRef) => this.#states.get(formatStateRef(ref)),
      identityKey(id) {
        const found = partyOf(id);
        return found === undefined ? undefined : publicKeyOf(found.key);
      },
      party: (id) => partyOf(id)?.party,
      contracts: new VmContractRunner(),
    };
  }
}
