import { type Address, type Hex, keccak256, toHex, zeroHash } from 'viem'
import type { BenchChain, Contract } from './bench-chain.ts'
import type { Ours } from './deploy-ours.ts'

export interface Order {
  investmentId: Hex
  investor: Address
  units: bigint
  unlockDay: number
}

/** What the measurements need again and again. Whatever answers a number answers gas. */
export interface Scene {
  /** Creates a project, open for mints, with every rule of the ledger's own on. */
  createProject(projectId: number, options?: { isDraft?: boolean; hasCountries?: boolean }): Promise<void>
  /** Registers by one attestation for all. */
  register(investors: Address[]): Promise<number>
  attestationOf(investor: Address, changes?: object): object
  orderOf(investor: Address, units: bigint, unlockDay?: number): Order
  /** One order, under a voucher. */
  mint(projectId: number, order: Order): Promise<number>
  mintMany(projectId: number, orders: Order[]): Promise<number>
  /** By the sale's role: no voucher. */
  mintSettled(projectId: number, orders: Order[]): Promise<number>
  distribute(projectId: number): Promise<number>
  read(contract: Contract, functionName: string, args: unknown[]): Promise<unknown>
}

export const DEADLINE = 4_000_000_000
export const LOCKED = 65_535
const [NONE, ACTIVE] = [0, 3]
const BOTH_WAYS = 3
const GERMANY = 276
/** Country codes 0 to 3, which nobody has: the rule is on and refuses nobody here. */
const COUNTRIES = [15n, 0n, 0n, 0n]

export function openScene({ send, gasOf, operator, client, person }: BenchChain, ours: Ours): Scene {
  const { ledger, vault, registrar, token, minter, seller, treasurer, sign } = ours
  const investorIds = new Map<Address, bigint>()
  let [minted, rounds] = [0, 0]
  const read = (contract: Contract, functionName: string, args: unknown[]) =>
    client.readContract({ address: contract.address, abi: contract.abi, functionName, args })
  const voucherFor = async (projectId: number, orders: Order[]) => {
    const digest = (await read(ledger, 'hashOfMint', [projectId, orders, DEADLINE])) as Hex
    return { deadline: DEADLINE, signature: await sign.payment(digest) }
  }
  const attestationOf = (account: Address, changes: object = {}) => {
    const investorId = investorIds.get(account) ?? BigInt(investorIds.size + 1)
    investorIds.set(account, investorId)
    const record = { flags: BOTH_WAYS, expiry: DEADLINE, country: GERMANY, class: 0, investorId }
    return { account, ...record, issuedAt: 1_900_000_000, deadline: DEADLINE, replaces: `0x${'00'.repeat(20)}`, ...changes }
  }
  return {
    read,
    attestationOf,
    async createProject(projectId, { isDraft = false, hasCountries = true } = {}) {
      const limits = { cap: 10n ** 9n, maxHolders: 1000, maxHolderBps: 5000, lockDays: 365, dailyMintCap: 10n ** 9n }
      const money = { payoutToken: token.address, treasury: person('treasury'), exitTargetPerUnit: 0n, buyOutPerUnit: 0n }
      const terms = { ...limits, ...money, metadataHash: keccak256('0x01'), uri: 'ipfs://bafkreiexample' }
      await send(operator, ledger, 'createProject', [projectId, terms])
      if (hasCountries) await send(operator, ledger, 'setBlockedCountries', [projectId, COUNTRIES])
      if (!isDraft) await send(operator, ledger, 'setProjectState', [projectId, ACTIVE, zeroHash])
    },
    async register(investors) {
      const attestations = investors.map((investor) => attestationOf(investor))
      const signature = await sign.identity((await read(registrar, 'hashOfMany', [attestations])) as Hex)
      return gasOf(operator, registrar, 'registerMany', [attestations, signature])
    },
    orderOf: (investor, units, unlockDay = NONE) => ({ investmentId: keccak256(toHex(`order ${minted++}`)), investor, units, unlockDay }),
    async mint(projectId, order) {
      const { investmentId, investor, units, unlockDay } = order
      const voucher = await voucherFor(projectId, [order])
      return gasOf(minter, ledger, 'mintInvestment', [investmentId, projectId, investor, units, unlockDay, voucher])
    },
    async mintMany(projectId, orders) {
      return gasOf(minter, ledger, 'mintInvestments', [projectId, orders, await voucherFor(projectId, orders)])
    },
    mintSettled: (projectId, orders) => gasOf(seller, ledger, 'mintSettled', [projectId, orders]),
    distribute(projectId) {
      const id = keccak256(toHex(`round ${rounds++}`))
      return gasOf(treasurer, vault, 'distributeReturns', [id, projectId, 50_000_000n, zeroHash, 'ipfs://report'])
    },
  }
}
