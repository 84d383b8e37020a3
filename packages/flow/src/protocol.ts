import type { Schema } from "@stateset/codec";

/** What two flows may say to each other, and in which form. */
export type Protocol = {
  /** `<app>/<verb>`, as the initiating flow's. */
  readonly name: string;
  readonly version: number;
  readonly messages: { readonly [name: string]: MessageDefinition };
};

export type MessageDefinition = {
  readonly from: "initiator" | "responder";
  readonly schema: Schema;
  /**
   * That saying it again, even otherwise, binds nobody: it follows from what the session has carried
   * and the flow's own seed, and the receiver makes nothing durable on its account. Such a message
   * leaves at once; any other waits until all before it is durable.
   */
  readonly repeatable?: true;
  /** That it only informs: whoever waits for the sender's flow does not wait until it is delivered. */
  readonly informs?: true;
};

/** The names of the messages that a side of the protocol sends. */
export type MessageOf<P extends Protocol, S extends "initiator" | "responder"> = {
  [M in keyof P["messages"] & string]: P["messages"][M]["from"] extends S ? M : never;
}[keyof P["messages"] & string];

export function defineProtocol<const P extends Protocol>(protocol: P): P {
  return protocol;
}
