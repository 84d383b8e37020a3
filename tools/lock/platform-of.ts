export interface Platform {
  os: string[];
  cpu: string[];
  libc?: string[];
}

const OPERATING_SYSTEMS =
  /(?:^|-)(aix|android|darwin|freebsd|linux|netbsd|openbsd|openharmony|sunos|win32)(?:-|$)/;
const PROCESSORS =
  /(?:^|-)(arm64|aarch64|armv7|arm|ia32|loong64|mips64el|ppc64|riscv64|s390x|x64)(?:-|$)/;
/** What some call by another name than npm. */
const NAMED_OTHERWISE: Record<string, string> = { aarch64: "arm64", armv7: "arm" };

/** Reads the platform from a package name such as `@swc/core-linux-x64-musl`, by npm's own words. */
export function platformOf(packageName: string): Platform | undefined {
  const name = packageName.slice(packageName.indexOf("/") + 1);
  const os = OPERATING_SYSTEMS.exec(name)?.[1];
  const processor = PROCESSORS.exec(name)?.[1];
  if (os === undefined || processor === undefined) return undefined;
  const cpu = NAMED_OTHERWISE[processor] ?? processor;
  if (os !== "linux") return { os: [os], cpu: [cpu] };
  if (name.includes("-musl")) return { os: [os], cpu: [cpu], libc: ["musl"] };
  if (name.includes("-gnu")) return { os: [os], cpu: [cpu], libc: ["glibc"] };
  return { os: [os], cpu: [cpu] };
}
