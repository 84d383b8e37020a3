import { Histogram, type Registry } from "prom-client";

/** From what memory answers to the longest wait that a client may ask for. */
const BUCKETS_SECONDS = [0.001, 0.005, 0.02, 0.1, 0.5, 2, 10, 60];

/** How long requests take, by route: paths with ids in them would have no end. */
export class HttpMetrics {
  readonly #seconds: Histogram<"method" | "route" | "status">;

  constructor(registry: Registry) {
    this.#seconds = new Histogram({
      name: "stateset_http_request_seconds",
      help: "Time from a request's head to the end of its answer",
      labelNames: ["method", "route", "status"],
      buckets: BUCKETS_SECONDS,
      registers: [registry],
    });
  }

  observe(method: string, route: string, status: number, ms: number): void {
    this.#seconds.observe({ method, route, status }, ms / 1000);
  }
}
