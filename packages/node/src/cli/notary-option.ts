import { InvalidArgumentError, Option } from "commander";

/** Which notary a local network has. */
export function notaryOption(): Option {
  return new Option("--notary <kind>", "its notary: embedded")
    .default("embedded")
    .argParser((value: string) => {
      if (value === "embedded") return value;
      if (/^(cluster|validating)(:[0-9]{1,2})?$/.test(value))
        throw new InvalidArgumentError("This notary is not built yet: use embedded.");
      throw new InvalidArgumentError("It must be embedded.");
    });
}
