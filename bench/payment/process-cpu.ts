import { readdirSync, readFileSync } from "node:fs";

/** CPU time of a process and its threads so far, in milliseconds (Linux: nanoseconds in schedstat). */
export function cpuMsOf(pid: number): number {
  try {
    return readdirSync(`/proc/${pid}/task`).reduce((sum, task) => {
      const [ns = "0"] = readFileSync(`/proc/${pid}/task/${task}/schedstat`, "utf8").split(" ");
      return sum + Number(ns) / 1e6;
    }, 0);
  } catch {
    return 0; // it has ended
  }
}

/** A process and those that it started: PostgreSQL has one for each connection. */
export function cpuMsOfFamily(pid: number): number {
  const family = readdirSync("/proc").filter(
    (name) => /^[0-9]+$/.test(name) && parentOf(name) === pid,
  );
  return family.reduce((sum, child) => sum + cpuMsOf(Number(child)), cpuMsOf(pid));
}

export function rssMbOf(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  return Number(/VmRSS:\s+([0-9]+)/.exec(status)?.[1] ?? 0) / 1024;
}

function parentOf(pid: string): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
  } catch {
    return 0;
  }
}
