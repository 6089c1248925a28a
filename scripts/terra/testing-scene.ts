import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Address, createWalletClient, type Hex, http, keccak256, toHex } from 'viem'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { attest, SEND_AND_RECEIVE } from '../../api/mint/attestation.ts'
import { makeMintCall } from '../../api/mint/voucher.ts'
import { deployContracts } from '../../common/node/deploy-contracts.ts'
import type { Deployment } from '../../common/node/deployment.ts'
import { writeKeystore } from '../../common/node/keystore.ts'
import { freshDatabase, startTestChain, TEST_KEYS, type TestChain, type TestDatabase } from '../../common/node/testing.ts'
import { root } from './settings.ts'

/** A chain with all contracts, a database, an indexer between them, and a way to run commands against them. */
export interface Scene {
  chain: TestChain
  database: TestDatabase
  deployment: Deployment
  folder: string
  /** Runs `terra` as a process of its own; `kill` ends it when what it said fits, by SIGKILL as a power cut would. */
  terra(
    args: string[],
    options?: { env?: Record<string, string>; kill?: RegExp; signal?: NodeJS.Signals },
  ): Promise<{ code: number | null; out: string; err: string }>
  /** Writes a submitted project of a new issuer to the database. */
  addProject(projectId: number, name: string): Promise<void>
  /** Registers this many new wallets and mints units to each, without the worker. */
  addHolders(projectId: number, count: number): Promise<Address[]>
  /** Writes accounts of holders, each with a paid investment of 3 units that nobody has queued yet. */
  addPaid(projectId: number, holders: readonly Address[]): Promise<void>
  close(): Promise<void>
}

const [OPERATOR, MINTER, ATTESTOR, STRANGER, PAYMENT_ATTESTOR] = TEST_KEYS
const PASSWORD = 'secret'
export const MIN_NOTICE_SECONDS = 60
const paymentAttestor = privateKeyToAccount(PAYMENT_ATTESTOR)

export async function openScene(): Promise<Scene> {
  const folder = mkdtempSync(join(tmpdir(), 'terra-scene-'))
  const [chain, database] = await Promise.all([startTestChain(), freshDatabase()])
  const minter = createWalletClient({ account: privateKeyToAccount(MINTER), transport: http(chain.url) })
  const operator = createWalletClient({ account: privateKeyToAccount(OPERATOR), transport: http(chain.url) })
  const deployment = await deployContracts(operator, {
    minter: minter.account.address,
    attestor: privateKeyToAccount(ATTESTOR).address,
    paymentAttestor: paymentAttestor.address,
    minNoticeSeconds: MIN_NOTICE_SECONDS,
  })
  const deploymentFile = join(folder, 'deployment.json')
  writeFileSync(deploymentFile, JSON.stringify(deployment))
  const keys = { operator: OPERATOR, minter: MINTER, attestor: ATTESTOR, 'payment-attestor': PAYMENT_ATTESTOR, stranger: STRANGER }
  await Promise.all(Object.entries(keys).map(([name, key]) => writeKeystore(join(folder, `${name}.json`), key, PASSWORD, 2)))
  const indexer = startIndexer(chain.url, database.urlOf('terra_indexer'), deploymentFile)
  const env = {
    RPC_URL: chain.url,
    DEPLOYMENT_FILE: deploymentFile,
    DATABASE_URL: database.urlOf('terra_worker'),
    OPERATOR_KEYSTORE: join(folder, 'operator.json'),
    MINTER_KEYSTORE: join(folder, 'minter.json'),
    ATTESTOR_KEYSTORE: join(folder, 'attestor.json'),
    PAYMENT_ATTESTOR_KEYSTORE: join(folder, 'payment-attestor.json'),
    KEYSTORE_PASSWORD: PASSWORD,
    IPFS_FOLDER: join(folder, 'ipfs'),
  }
  let investors = 0n
  return {
    chain,
    database,
    deployment,
    folder,
    terra: (args, options = {}) => runTerra(args, { ...env, ...options.env }, options.kill, options.signal),
    addProject: (projectId, name) => insertProject(database, projectId, name),
    async addHolders(projectId, count) {
      const holders: Address[] = []
      for (let index = 0; index < count; index++) {
        const account = privateKeyToAccount(generatePrivateKey()).address
        const issuedAt = Math.floor(Date.now() / 1000)
        const target = { chainId: deployment.chainId, registrar: deployment.registrar as Address }
        const record = { account, flags: SEND_AND_RECEIVE, expiry: issuedAt + 86_400_000, country: 620, class: 0, investorId: ++investors }
        const { callData } = await attest(privateKeyToAccount(ATTESTOR), target, { ...record, issuedAt, deadline: issuedAt + 86_400_000 })
        await minter.sendTransaction({ chain: null, to: deployment.registrar as Address, data: callData })
        const order = { investmentId: keccak256(toHex(account)), projectId, investor: account, units: BigInt(10 + index), unlockDay: 0 }
        const mint = await makeMintCall(paymentAttestor, deployment, order, new Date())
        await minter.sendTransaction({ chain: null, to: deployment.ownership as Address, data: mint })
        holders.push(account)
      }
      return holders
    },
    addPaid: (projectId, holders) => insertPaid(database, projectId, holders),
    async close() {
      indexer.kill('SIGKILL')
      await Promise.all([chain.stop(), database.drop()])
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function startIndexer(rpcUrl: string, databaseUrl: string, deploymentFile: string): ChildProcess {
  return spawn(process.execPath, [join(root, 'indexer', 'main.ts')], {
    env: {
      PATH: process.env.PATH,
      RPC_URL: rpcUrl,
      DATABASE_URL: databaseUrl,
      DEPLOYMENT_FILE: deploymentFile,
      POLL_MS: '50',
      LOG_LEVEL: 'error',
    },
    stdio: ['ignore', 'inherit', 'inherit'],
  })
}

async function runTerra(args: string[], env: Record<string, string>, kill: RegExp | undefined, signal: NodeJS.Signals = 'SIGKILL') {
  const child = spawn(process.execPath, [join(root, 'scripts', 'terra.ts'), ...args], {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let [out, err] = ['', '']
  child.stdout.on('data', (part) => {
    out += part
  })
  child.stderr.on('data', (part) => {
    err += part
    if (kill?.test(err)) child.kill(signal)
  })
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve))
  return { code, out, err }
}

async function insertProject(database: TestDatabase, projectId: number, name: string): Promise<void> {
  const metadataHash: Hex = keccak256(toHex(name))
  await database.admin.query(
    `with issuer as (
       insert into app.issuer (name, country) values ($2, 'PT')
       on conflict (name) do update set country = excluded.country
       returning id
     )
     insert into app.project
       (project_id, issuer_id, slug, name, summary, description, technology, build_status, country, city, latitude, longitude, capacity_kw,
        annual_mwh, unit_price_cents, units_offered, expected_return_bps, exit_years, exit_target_per_unit, submitted_at, metadata_cid, metadata_sha256)
     overriding system value
     select $1::int, id, 'p-' || $1::int, $3, 'summary', 'description', 'wind', 'operating', 'PT', 'Sagres', 37, -9, 100, 100, 1000, 1000, 800, 1, 1000000,
       now(), 'bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy', $4
     from issuer`,
    [projectId, `Issuer ${projectId}`, name, metadataHash],
  )
}

async function insertPaid(database: TestDatabase, projectId: number, holders: readonly Address[]): Promise<void> {
  for (const holder of holders) {
    await database.admin.query(
      `with record as (
         select investor_id from chain.account where account = $1
       ), account as (
         insert into app.account (investor_id, email, password_hash, country)
         overriding system value
         select investor_id, $1 || '@people.example', 'x', 'PT' from record
         returning id
       ), wallet as (
         insert into app.wallet (address, account_id, proven_at) select $1, id, now() from account
       ), approval as (
         insert into app.kyc_check (account_id, provider, applicant_ref, state, created_at, decided_at, expires_at)
         select id, 'onfido', 'applicant', 'approved', now(), now(), now() + interval '1 year' from account
       )
       insert into app.investment
         (id, chain_investment_id, account_id, project_id, issuer_id, wallet, units, unit_price_cents, amount_cents, currency, state,
          reserved_until, created_at, updated_at)
       select gen_random_uuid(), $3, account.id, $2, p.issuer_id, $1, 3, 1000, 3000, 'USD', 'paid', now() + interval '1 hour', now(), now()
       from account
       join app.project p on p.project_id = $2`,
      [holder.toLowerCase(), projectId, keccak256(toHex(`paid by ${holder}`))],
    )
  }
}
