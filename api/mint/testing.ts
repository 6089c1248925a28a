import { randomUUID } from 'node:crypto'
import { type Address, createWalletClient, encodeFunctionData, type Hash, http, zeroAddress } from 'viem'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { ownershipAbi } from '../../common/abi.ts'
import { stateNumber } from '../../common/ledger-states.ts'
import { ADMIN_CALLS } from '../../common/node/access.ts'
import { administer } from '../../common/node/administer.ts'
import { openPool, type Pool } from '../../common/node/db.ts'
import { type Deployer, deployContracts } from '../../common/node/deploy-contracts.ts'
import type { Deployment } from '../../common/node/deployment.ts'
import { openLog } from '../../common/node/log.ts'
import { freshDatabase, startTestChain, TEST_KEYS, type TestChain, type TestDatabase } from '../../common/node/testing.ts'
import { chainInvestmentId } from '../investments/investment-id.ts'
import { attest, CLASS_RETAIL, SEND_AND_RECEIVE } from './attestation.ts'
import { type Engine, MINT_SETTINGS, type MintSettings } from './engine.ts'
import { openNodes } from './nodes.ts'
import { requestMint } from './request-mint.ts'
import type { Step } from './steps.ts'

/** Settings with Polygon's proportions and a test's patience. */
export const FAST: MintSettings = { ...MINT_SETTINGS, bumpAfterMs: 1_000, resendAfterMs: 100, takeoverAfterMs: 1_000 }

export const UNIT_PRICE_CENTS = 1_000n

export interface Investor {
  accountId: string
  investorId: bigint
  wallet: Address
}

/** A chain with the contracts and a project, a database that mirrors them, and investors that may receive units. */
export interface MintWorld {
  chain: TestChain
  db: TestDatabase
  deployment: Deployment
  projectId: number
  pool: Pool
  engine(options?: { step?: Step; settings?: Partial<MintSettings>; urls?: string[] }): Engine
  /** An account with an approved identity and an active wallet; on chain and in the mirror unless told otherwise. */
  addInvestor(options?: { isRegistered?: boolean }): Promise<Investor>
  /** A paid investment; queued to be minted unless told otherwise. */
  addPaid(investor: Investor, options?: { units?: bigint; isQueued?: boolean; queuedAt?: Date }): Promise<{ id: string; chainId: Hash }>
  /** What the contract says about an investment; units 0 when it was never minted. */
  receiptOf(chainId: Hash): Promise<{ investor: Address; units: bigint; projectId: number; unlockDay: number }>
  unitsOf(wallet: Address): Promise<bigint>
  /** Sends a call of the ledger as the operator, or has the administrator make it, and waits for it. */
  operate(functionName: string, args: readonly unknown[]): Promise<void>
  mine(blocks: number): Promise<void>
  close(): Promise<void>
}

export const operator = privateKeyToAccount(TEST_KEYS[0])
export const minter = privateKeyToAccount(TEST_KEYS[1])
export const attestor = privateKeyToAccount(TEST_KEYS[2])
export const paymentAttestor = privateKeyToAccount(TEST_KEYS[3])
export const MINTER_KEY = TEST_KEYS[1]
export const ATTESTOR_KEY = TEST_KEYS[2]
export const PAYMENT_ATTESTOR_KEY = TEST_KEYS[3]

let salts = 0
/** The timelock takes the same calls a second time only under another salt. */
function newSalt(): Hash {
  return `0x${(++salts).toString(16).padStart(64, '0')}`
}

/** With `hasIndexer` the mirror is left to the real one; else it holds what the indexer would have written. */
export async function startMintWorld(options: { blockTimeSeconds?: number; hasIndexer?: boolean } = {}): Promise<MintWorld> {
  const [db, chain] = await Promise.all([freshDatabase(), startTestChain()])
  const wallet = createWalletClient({ account: operator, transport: http(chain.url), pollingInterval: 50 })
  const deployment = await deployContracts(wallet as Deployer, {
    minter: minter.address,
    attestor: attestor.address,
    paymentAttestor: paymentAttestor.address,
    minNoticeSeconds: 0,
  })
  const send = async (to: string, data: `0x${string}`) => {
    const hash = await wallet.sendTransaction({ chain: null, to: to as Address, data })
    const receipt = await chain.client.waitForTransactionReceipt({ hash, pollingInterval: 20 })
    if (receipt.status !== 'success') throw new Error('The operator’s call reverted')
  }
  const operate: MintWorld['operate'] = async (functionName, args) => {
    if ((ADMIN_CALLS.ownership as readonly string[]).includes(functionName)) {
      const data = encodeFunctionData({ abi: ownershipAbi, functionName: functionName as never, args: args as never })
      await administer(wallet as Deployer, deployment, [{ to: deployment.ownership as Address, data }], newSalt())
      return
    }
    const { request } = await chain.client.simulateContract({
      account: operator,
      address: deployment.ownership as Address,
      abi: ownershipAbi,
      functionName: functionName as never,
      args: args as never,
    })
    const hash = await wallet.writeContract(request as never)
    await chain.client.waitForTransactionReceipt({ hash, pollingInterval: 20 })
  }
  const projectId = await addProject(db, deployment, operate, options.hasIndexer ?? false)
  if (options.blockTimeSeconds !== undefined) await chain.client.setIntervalMining({ interval: options.blockTimeSeconds })
  const pool = openPool(db.urlOf('terra_worker'))

  return {
    chain,
    db,
    deployment,
    projectId,
    pool,
    operate,
    engine: ({ step = async () => {}, settings = {}, urls = [chain.url] } = {}) => ({
      pool,
      nodes: openNodes(urls, deployment.chainId, 2_000),
      deployment,
      minter,
      paymentAttestor,
      clock: () => new Date(),
      log: openLog('worker', process.env.LOG_LEVEL ?? 'silent'),
      step,
      settings: { ...FAST, ...settings },
    }),
    async addInvestor({ isRegistered = true } = {}) {
      const investor = await addAccount(db)
      if (!isRegistered) return investor
      const expiry = Math.floor(Date.now() / 1000) + 365 * 86_400
      const now = Math.floor(Date.now() / 1000)
      const { callData } = await attest(
        attestor,
        { chainId: deployment.chainId, registrar: deployment.registrar as Address },
        {
          account: investor.wallet,
          flags: SEND_AND_RECEIVE,
          expiry,
          country: 276,
          class: CLASS_RETAIL,
          investorId: investor.investorId,
          issuedAt: now,
          deadline: now + 3_600,
        },
      )
      await send(deployment.registrar, callData)
      await db.admin.query(
        `insert into chain.account_set (block_number, log_index, block_time, tx_hash, account, flags, expires_at, country, class, investor_id)
         select 0, coalesce(max(log_index), 0) + 1, now(), $1, $2, 3, to_timestamp($3), 276, 0, $4 from chain.account_set`,
        [`0x${'0'.repeat(64)}`, investor.wallet, expiry, investor.investorId],
      )
      return investor
    },
    async addPaid(investor, { units = 1n, isQueued = true, queuedAt = new Date() } = {}) {
      const id = randomUUID()
      const chainId = chainInvestmentId(deployment.chainId, deployment.ownership as Address, id)
      await db.admin.query(
        `insert into app.investment
           (id, chain_investment_id, account_id, project_id, issuer_id, wallet, units, unit_price_cents, amount_cents, currency,
            state, reserved_until, created_at, updated_at)
         select $1, $2, $3, project_id, issuer_id, $4, $5, unit_price_cents, unit_price_cents * $5, 'USD', 'paid', now(), now(), now()
         from app.project where project_id = $6`,
        [id, chainId, investor.accountId, investor.wallet, units, projectId],
      )
      if (isQueued) {
        const mint = { investmentId: chainId, projectId, investor: investor.wallet, units, lockDays: 0 }
        await requestMint(pool, { deployment, paymentAttestor, investmentId: id, accountId: investor.accountId, mint }, queuedAt)
      }
      return { id, chainId }
    },
    receiptOf: (chainId) =>
      chain.client.readContract({
        address: deployment.ownership as Address,
        abi: ownershipAbi,
        functionName: 'receiptOf',
        args: [chainId],
      }),
    unitsOf: (holder) =>
      chain.client.readContract({
        address: deployment.ownership as Address,
        abi: ownershipAbi,
        functionName: 'balanceOf',
        args: [holder, BigInt(projectId)],
      }),
    mine: (blocks) => chain.client.mine({ blocks }),
    async close() {
      await pool.end()
      await chain.stop()
      await db.drop()
    },
  }
}

async function addProject(db: TestDatabase, deployment: Deployment, operate: MintWorld['operate'], hasIndexer: boolean): Promise<number> {
  const zero = `0x${'0'.repeat(64)}`
  const { rows } = await db.admin.query<{ projectId: number }>(
    `with issuer as (insert into app.issuer (name, country) values ('Sun AG', 'DE') returning id)
     insert into app.project
       (issuer_id, slug, name, summary, description, technology, build_status, country, city, latitude, longitude, capacity_kw, annual_mwh,
        unit_price_cents, units_offered, expected_return_bps, exit_years, exit_target_per_unit, submitted_at)
     select id, 'sun', 'Sun One', 's', 'd', 'solar', 'operating', 'DE', 'Bonn', 50, 7, 1000, 1000, $1, 1000000, 500, 10, 0, now()
     from issuer
     returning project_id as "projectId"`,
    [UNIT_PRICE_CENTS],
  )
  const { projectId } = rows[0]!
  await operate('createProject', [
    projectId,
    {
      cap: 1_000_000n,
      maxHolders: 0,
      maxHolderBps: 0,
      lockDays: 0,
      dailyMintCap: 1_000_000n,
      payoutToken: deployment.payoutToken,
      treasury: zeroAddress,
      exitTargetPerUnit: 0n,
      buyOutPerUnit: 0n,
      metadataHash: `0x${'1'.repeat(64)}`,
      uri: 'ipfs://test',
    },
  ])
  await operate('setProjectState', [BigInt(projectId), stateNumber('active'), zero])
  if (hasIndexer) return projectId
  await db.admin.query('insert into chain.block (block_number, block_hash, parent_hash, block_time) values (0, $1, $1, now())', [zero])
  await db.admin.query(
    `insert into chain.project_created (block_number, log_index, block_time, tx_hash, project_id, cap, max_holders, lock_days, payout_token, exit_target_per_unit)
     values (0, 0, now(), $1, $2, 1000000, 0, 0, $3, 0)`,
    [zero, projectId, deployment.payoutToken],
  )
  await db.admin.query(
    `insert into chain.project_state (block_number, log_index, block_time, tx_hash, project_id, state, reason)
     values (0, 0, now(), $1, $2, 'active', $1)`,
    [zero, projectId],
  )
  return projectId
}

async function addAccount(db: TestDatabase): Promise<Investor> {
  const wallet = privateKeyToAccount(generatePrivateKey()).address.toLowerCase() as Address
  const { rows } = await db.admin.query<{ accountId: string; investorId: string }>(
    `insert into app.account (email, password_hash, country) values ($1, 'x', 'DE') returning id as "accountId", investor_id as "investorId"`,
    [`${wallet}@investor.example`],
  )
  const { accountId, investorId } = rows[0]!
  await db.admin.query('insert into app.wallet (address, account_id, proven_at) values ($1, $2, now())', [wallet, accountId])
  await db.admin.query(
    `insert into app.kyc_check (account_id, provider, applicant_ref, check_ref, state, created_at, decided_at, expires_at)
     values ($1, 'onfido', $2, $2, 'approved', now(), now(), date_trunc('second', now()) + interval '1 year')`,
    [accountId, randomUUID()],
  )
  return { accountId, investorId: BigInt(investorId), wallet }
}
