import { plusDays } from "@stateset/ledger/contract";
import { RestClient } from "../../cli/rest-client.ts";
import { runFlow } from "../../cli/run-flow.ts";
import type { LocalNetwork } from "../../local/local-network.ts";
import { partyOf } from "../../local/running-network.ts";
import { RIVAL } from "../demo-network.ts";
import { connectNodes, type NodeClient } from "../node-client.ts";
import { type Reconciliation, reconcile } from "../reconcile.ts";
import { DraftLedger } from "./contracts/draft-ledger.ts";
import { draftStates } from "./contracts/draft-states.ts";
import { networkContracts } from "./contracts/network-contracts.ts";
import type {
  DrillContracts,
  DrillDocument,
  DrillProcesses,
  DrillStage,
  WaitingFlow,
} from "./drill.ts";
import { becomesTrue } from "./drill-books.ts";
import { numberLike, renumberedDocument } from "./renumbered-document.ts";

/** A demo's network as the drills use it. */
export async function openDrillStage(
  network: LocalNetwork,
  dir: string,
  financed: DrillDocument,
): Promise<{ stage: DrillStage; nodes: NodeClient[] }> {
  const { nodes, parties } = await connectNodes(network.running);
  const rival = nodes.find(({ name }) => name === RIVAL);
  if (rival === undefined) throw new Error("drills need a network with a second lender");
  let documents = 0;
  const stage: DrillStage = {
    parties: { ...parties, rival },
    processes: processesOf(network),
    contracts: await contractsOf(network, dir, financed.ubl.currency),
    financed,
    nextDocument() {
      documents++;
      const { number, issueDate } = financed.ubl;
      return renumberedDocument(financed.xml, {
        number: numberLike(number, `drill-${documents}`),
        // The date is in the fingerprint, and an earlier one is before every due date.
        issueDate: plusDays(issueDate, -documents),
      });
    },
  };
  return { stage, nodes };
}

async function contractsOf(
  network: LocalNetwork,
  dir: string,
  currency: string,
): Promise<DrillContracts> {
  const contracts = await networkContracts(dir, network.running);
  const ledger = new DraftLedger(contracts);
  return {
    bundles: contracts.bundles,
    states: draftStates(ledger, currency),
    refusalOf: (draft) => ledger.refusalOf(draft),
  };
}

/** Compares all books; what drills rightly leave waiting is no difference. */
export async function reconcileDrilled(
  nodes: readonly NodeClient[],
  waiting: readonly WaitingFlow[],
): Promise<Reconciliation> {
  return await reconcile(
    nodes.map((node) => {
      const known = waiting.filter(({ party }) => party === node.name);
      return {
        name: node.name,
        identity: node.identity,
        states: (type, query) => node.states(type, query),
        completedInputs: (flow) => node.completedInputs(flow),
        unfinished: async () =>
          (await node.unfinished()).filter(({ flow }) => known.every((each) => each.flow !== flow)),
        openSessions: async () => Math.max(0, (await node.openSessions()) - known.length),
      };
    }),
  );
}

function processesOf(network: LocalNetwork): DrillProcesses {
  return {
    arm: (name, point) => network.restart(name, { ...process.env, STATESET_CRASH_POINT: point }),
    died: (name) => becomesTrue(async () => !(await isRunning(network, name))),
    revive: (name) => network.restart(name),
    async start(name, start) {
      const { rest, token } = partyOf(network.running, name);
      return await runFlow(new RestClient({ url: rest, token }), start);
    },
  };
}

async function isRunning(network: LocalNetwork, name: string): Promise<boolean> {
  const { nodes } = await network.status();
  return nodes.some((node) => node.name === name && node.running);
}
