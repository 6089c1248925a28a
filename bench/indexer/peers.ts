import { symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { freePort } from '../../common/node/testing.ts'
import { CONTRACT } from './chain/tokens.ts'
import type { Contestant, RunDatabase } from './contestants.ts'
import { installPeer, runIn } from './install-peer.ts'
import { createEmptyDatabase, type DatabaseServer } from './start-database.ts'

/** Ponder asks each node it knows a few dozen times a second at most; named this often, the one node is no bottleneck. */
const PONDER_NODES = 64

/** What others would use instead, each as its own documentation sets it up, tuned where a setting was in the way. */
export const PEERS: Record<string, Contestant> = {
  plain: {
    title: 'plain loop',
    install: (cleanup) => installPeer('plain-loop', cleanup),
    createDatabase: (server) => emptyDatabase(server, 'bench_plain'),
    command: ({ folder, rpcUrl, databaseUrl }) => ({
      args: ['main.js'],
      cwd: folder,
      env: { RPC_URL: rpcUrl, DATABASE_URL: databaseUrl, CONTRACT_ADDRESS: CONTRACT },
    }),
    queries: {
      transfers: `select block_number, tx_hash, log_index, batch_index, operator, from_address, to_address, project_id, units
        from transfers`,
      holdings: 'select project_id, holder, units from balances',
    },
  },
  ponder: {
    title: 'Ponder 0.16',
    install: (cleanup) => installPeer('ponder', cleanup),
    createDatabase: (server) => emptyDatabase(server, 'bench_ponder'),
    async command({ folder, rpcUrl, databaseUrl }) {
      const program = join('node_modules', 'ponder', 'dist', 'esm', 'bin', 'ponder.js')
      return {
        args: [program, 'start', '--schema', 'bench', '--port', String(await freePort())],
        cwd: folder,
        env: {
          RPC_URLS: Array(PONDER_NODES).fill(rpcUrl).join(','),
          DATABASE_URL: databaseUrl,
          CONTRACT_ADDRESS: CONTRACT,
          PONDER_TELEMETRY_DISABLED: 'true',
        },
      }
    },
    queries: {
      transfers: `select block_number, tx_hash, log_index, batch_index, operator, from_address, to_address, project_id, units
        from bench.transfers`,
      holdings: 'select project_id, holder, units from bench.balances',
    },
    lastTransfer: (...place) => `select from bench.transfers where id = '${place.join('-')}'`,
  },
  envio: {
    title: 'Envio HyperIndex 3',
    install: (cleanup) => installPeer('envio', cleanup),
    createDatabase: (server) => emptyDatabase(server, 'bench_envio'),
    async command({ folder, rpcUrl, databaseUrl }) {
      const { hostname, port, username, password, pathname } = new URL(databaseUrl)
      const env = {
        PATH: [join(folder, 'bin'), join(folder, 'node_modules', '.bin'), process.env.PATH].join(':'),
        RPC_URL: rpcUrl,
        ENVIO_PG_HOST: hostname,
        ENVIO_PG_PORT: port,
        ENVIO_PG_USER: username,
        ENVIO_PG_PASSWORD: password,
        ENVIO_POSTGRES_PASSWORD: password,
        ENVIO_PG_DATABASE: pathname.slice(1),
        ENVIO_HASURA: 'false',
        ENVIO_TUI: 'false',
        TUI_OFF: 'true',
      }
      // The address of the node becomes part of the generated code, which handlers import like a package.
      await runIn(folder, 'envio', ['codegen'], env)
      await symlink(join('..', 'generated'), join(folder, 'node_modules', 'generated'), 'dir').catch(() => {})
      await runIn(join(folder, 'generated'), 'rescript', [], env)
      return { program: 'envio', args: ['start'], cwd: folder, env }
    },
    queries: {
      transfers: `select "blockNumber", "txHash", "logIndex", "batchIndex", operator, "fromAddress", "toAddress", "projectId", units
        from "Transfer"`,
      holdings: 'select "projectId", holder, units from "Balance"',
    },
    lastTransfer: (...place) => `select from "Transfer" where id = '${place.join('-')}'`,
  },
  subsquid: {
    title: 'Subsquid',
    install: (cleanup) => installPeer('subsquid', cleanup),
    createDatabase: (server) => emptyDatabase(server, 'bench_subsquid'),
    async command({ folder, rpcUrl, databaseUrl }) {
      const env = { RPC_URL: rpcUrl, DB_URL: databaseUrl, CONTRACT_ADDRESS: CONTRACT }
      await runIn(folder, process.execPath, ['migrate.js'], env)
      return { args: ['main.js'], cwd: folder, env }
    },
    queries: {
      transfers: `select block_number, tx_hash, log_index, batch_index, operator, from_address, to_address, project_id, units
        from transfer`,
      holdings: 'select project_id, holder, units from balance',
    },
    lastTransfer: (...place) => `select from transfer where id = '${place.join('-')}'`,
  },
}

async function emptyDatabase({ adminUrl }: DatabaseServer, name: string): Promise<RunDatabase> {
  const { url, drop } = await createEmptyDatabase(adminUrl, name)
  return { url, adminUrl: url, drop }
}
