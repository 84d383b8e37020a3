export interface Violation {
  path: string;
  line: number;
  rule: string;
  remedy: string;
}

export function formatViolation({ path, line, rule, remedy }: Violation): string {
  return `${path}:${line}  ${rule}: ${remedy}`;
}
