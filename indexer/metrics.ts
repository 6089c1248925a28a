import { createServer } from 'node:http'
import { Counter, Gauge, Registry } from 'prom-client'
import { Stop } from './errors.ts'

/** What monitors ask an indexer, in Prometheus' words. */
export interface Metrics {
  registry: Registry
  /** 1 for the one that writes, 0 for one that stands by. */
  leading: Gauge
  /** The newest block that the node knows, that is mirrored, and that is final in the mirror. */
  head: Gauge
  mirrored: Gauge
  final: Gauge
  events: Counter
  /** Rows of transfers that a long load wrote. */
  loadedTransfers: Counter
  reorganisations: Counter
  undoneBlocks: Counter
  /** Steps that failed, by their code. */
  failures: Counter<'code'>
  /** Looks at which nodes had different blocks at the height of a final one, or other logs than were mirrored. */
  disputes: Counter
  /** Times that rows were read again because other nodes had other logs. */
  rereads: Counter
  /** Final blocks that were replaced. */
  violations: Counter
}

export function createMetrics(): Metrics {
  const registry = new Registry()
  const named = (name: string, help: string) => ({ name: `terra_indexer_${name}`, help, registers: [registry] })
  return {
    registry,
    leading: new Gauge(named('leading', '1 where this indexer writes the mirror, 0 where it stands by')),
    head: new Gauge(named('head_block', 'Newest block that the node knows')),
    mirrored: new Gauge(named('mirrored_block', 'Newest block that is mirrored')),
    final: new Gauge(named('final_block', 'Newest mirrored block that may no longer be undone')),
    events: new Counter(named('events_total', 'Events mirrored')),
    loadedTransfers: new Counter(named('loaded_transfers_total', 'Transfers written by loads of old blocks')),
    reorganisations: new Counter(named('reorganisations_total', 'Reorganisations followed')),
    undoneBlocks: new Counter(named('undone_blocks_total', 'Blocks undone by reorganisations')),
    failures: new Counter({ ...named('failures_total', 'Steps that failed and were tried again'), labelNames: ['code'] }),
    disputes: new Counter(named('disputes_total', 'Looks at which nodes disagreed about a final block or its logs')),
    rereads: new Counter(named('rereads_total', 'Times that rows were read again because other nodes had other logs')),
    violations: new Counter(named('finality_violations_total', 'Final blocks that the chain replaced')),
  }
}

/** Serves GET /metrics until closed. @throws Stop METRICS_REFUSED when the port is taken */
export async function serveMetrics({ registry }: Metrics, host: string, port: number): Promise<{ close(): Promise<void> }> {
  const server = createServer(async (request, response) => {
    if (request.method !== 'GET' || request.url !== '/metrics') return response.writeHead(404).end()
    response.writeHead(200, { 'content-type': registry.contentType }).end(await registry.metrics())
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', ({ message }) => reject(new Stop('METRICS_REFUSED', `METRICS_PORT can’t be served: ${message}`)))
    server.listen(port, host, resolve)
  })
  return {
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
