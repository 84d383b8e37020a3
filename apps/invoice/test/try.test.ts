import { test } from "vitest";
import { invoiceNetwork } from "./invoice-network.ts";
const n = await invoiceNetwork();
test("all", async () => {
  console.log((await n.issue.verifies()).gas);
  console.log((await n.issueCreditNote.verifies()).gas);
  console.log((await n.respond("AP", n.invoice(), {status:"approved"}).verifies()).gas);
  console.log((await n.pay(n.approved(), 1000n).verifies()).gas);
  console.log((await n.credit(n.approved(), n.creditNote()).verifies()).gas);
  console.log((await n.transfer(n.approved()).verifies()).gas);
  console.log((await n.voiding(n.invoice()).verifies()).gas);
  console.log((await n.writeOff(n.invoice()).verifies()).gas);
  for (const [count, len] of [[1000,100],[1000,300],[1000,1024]]) {
    const line = {...n.invoice().lines[0], name: "n".repeat(len), netAmount: 80n, sellerItemId: "s".repeat(Math.min(128,len)), standardItemId:"s".repeat(Math.min(128,len))};
    const big = n.invoice({lines: Array.from({length:count},(_, i)=>({...line, id:String(i)})), allowances:[], charges:[], vatBreakdown:[], totals:{...n.invoice().totals, lineNet: 80n*BigInt(count), allowances:0n,charges:0n,withoutVat:80n*BigInt(count),vat:0n,withVat:80n*BigInt(count),paid:0n,rounding:0n,payable:80n*BigInt(count)}});
    const t=performance.now();
    for (const tr of [n.issue.tweak(t=>t.changeOutput(0,()=>big)), n.respond("AP", big, {status:"approved"}), n.pay({...big,status:"approved"}, 1000n)]) 
      await tr.verifies().then(r=>console.log(count,len,"ok",r.gas), e=>console.log(count,len,String(e.message).slice(0,300)));
    console.log(performance.now()-t);
  }
});
