import { Child } from "./child.ts";

export type ChildValidatorOptions = {
  name: string;
  /** The program `notaryd`, and the home of the member. */
  program: string;
  home: string;
  log: string;
  rpc: string;
  environment: NodeJS.ProcessEnv;
};

/** The variables that `notaryd` reads in place of flags. */
const VARIABLES = /^NOTARYD_/;

/** A cluster member's replica of the chain in a process of its own. */
export class ChildValidator extends Child {
  readonly rpc: string;

  constructor({ name, program, home, log, rpc, environment }: ChildValidatorOptions) {
    const others = Object.entries(environment).filter(([variable]) => !VARIABLES.test(variable));
    super({
      ...{ name, log },
      command: program,
      args: ["start", "--home", home, "--end-with-input"],
      lifeline: "pipe",
      environment: Object.fromEntries(others),
      liveness: new URL("/health", rpc).href,
      readiness: new URL("/health", rpc).href,
    });
    this.rpc = rpc;
  }
}
