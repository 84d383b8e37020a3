/** What a role may do. Reading comes with every role. */
export type Right = "read" | "start" | "start-any" | "attach" | "steer";

export const ROLES = ["admin", "operator", "user", "viewer"] as const;
export type Role = (typeof ROLES)[number];

const RIGHTS: Readonly<Record<Role, readonly Right[]>> = {
  admin: ["read", "start", "start-any", "attach", "steer"],
  operator: ["read", "start", "start-any", "attach", "steer"],
  /** Starts the flows that its token names. */
  user: ["read", "start", "attach"],
  viewer: ["read"],
};

export function isRole(name: unknown): name is Role {
  return ROLES.some((role) => role === name);
}

export function mayDo(role: Role, right: Right): boolean {
  return RIGHTS[role].includes(right);
}

/** The roles that have a right, for whoever was refused. */
export function rolesWith(right: Right): Role[] {
  return ROLES.filter((role) => mayDo(role, right));
}
