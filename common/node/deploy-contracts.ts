import {
  type Abi,
  type Account,
  type Address,
  type Chain,
  encodeAbiParameters,
  encodeDeployData,
  encodeFunctionData,
  getContractAddress,
  type Hex,
  isAddressEqual,
  type PublicActions,
  publicActions,
  type Transport,
  type WalletClient,
  zeroAddress,
} from 'viem'
import { accessManagerAbi, ownershipAbi, payoutTokenAbi, vaultAbi } from '../abi.ts'
import { delayOf, PARTIES, type Party, SERVER_ROLES } from './access.ts'
import { type Artifact, contractIn, librariesOf, linkBytecode, readArtifact } from './artifacts.ts'
import type { Deployment } from './deployment.ts'
import { PARTS, type Part, RECIPES, type SetUpCall, setUpCalls } from './system.ts'

export interface DeployOptions {
  /** Sends mints and registrations. */
  minter: Address
  /** Signs attestations of identity and sends nothing. One role per address: it must differ from the three others. */
  attestor: Address
  /** Signs mint vouchers and sends nothing. */
  paymentAttestor: Address
  /** Pays distributions into the vault; left out: the operator. */
  treasurer?: Address
  /** Who holds the operators' roles and proposes to the timelock, where it isn't the operator. */
  parties?: Partial<Record<Party, Address>>
  /** Between proposal and execution of what only the administrator may do; left out: none. Also bounds the roles' own delays. */
  adminDelaySeconds?: number
  /** Shortest time between the announcement and the beginning of an exit. */
  minNoticeSeconds: number
  /** Shortest time between the announcement of a clawback and the clawback; left out: three years. */
  minClawbackSeconds?: number
  /** Shortest time that a sale is open; left out: 21 days. */
  minOpenSeconds?: number
  /** Roles of the timelock that receives exits; left out: the operator decides, anyone executes, without a delay. */
  communityDao?: { minDelaySeconds: number; proposers: Address[]; executors: Address[] }
  /** ERC-20 to pay returns in; left out: a test token that anyone can mint. */
  payoutToken?: Address
  chainName?: string
  explorerUrl?: string
  /** Folder of the compiler's artifacts; left out: this checkout's own, made by `hardhat build`. */
  artifacts?: string
}

/** Somebody who signs and pays. */
export type Deployer = WalletClient<Transport, Chain | undefined, Account>

const DAY = 86_400
/** Three years: what nobody claimed by then may go back to the project's treasury. */
export const MIN_CLAWBACK_SECONDS = 3 * 365 * DAY
/** 17 CFR 227.304(b)(2)(i): an offering that closes early was open for 21 days. */
export const MIN_OPEN_SECONDS = 21 * DAY

/**
 * Deploys everything, gives every role to its party, and leaves the administration to the timelock. Every call deploys anew, at addresses
 * that follow from the account and its nonce; addresses that are the same on every chain are Ignition's: scripts/ignition.
 * All deployments are sent at once, so it takes about three blocks.
 * @throws Error when artifacts are missing, one account would have two roles of the ledger, or a transaction reverts
 */
export async function deployContracts(wallet: Deployer, options: DeployOptions): Promise<Deployment> {
  const operator = wallet.account.address
  const adminDelaySeconds = options.adminDelaySeconds ?? 0
  const parties = partiesOf(operator, options)
  const dao = options.communityDao ?? { minDelaySeconds: 0, proposers: [operator], executors: [zeroAddress] }
  const values = {
    deployer: operator,
    adminDelaySeconds: BigInt(adminDelaySeconds),
    minNoticeSeconds: options.minNoticeSeconds,
    minClawbackSeconds: options.minClawbackSeconds ?? MIN_CLAWBACK_SECONDS,
    minOpenSeconds: options.minOpenSeconds ?? MIN_OPEN_SECONDS,
    daoDelaySeconds: BigInt(dao.minDelaySeconds),
    daoProposers: dao.proposers,
    daoExecutors: dao.executors,
  }
  const sender = await openSender(wallet, options.artifacts)
  const constructorArguments: Record<string, Hex> = {}
  const at: Partial<Record<Part, Address>> = options.payoutToken === undefined ? {} : { payoutToken: options.payoutToken }
  for (const part of PARTS) {
    if (part === 'payoutToken' && options.payoutToken !== undefined) continue
    const { source, args } = RECIPES[part]
    const given = args(at, values, parties)
    at[part] = await sender.deploy(source, given)
    constructorArguments[part] = encodeConstructor((await readArtifact(source, options.artifacts)).abi, given)
  }
  const deployed = at as Record<Part, Address>
  const startBlock = await sender.mined()
  const calls = setUpCalls(deployed, parties, { deployer: operator, delayOf: (role) => delayOf(role, adminDelaySeconds) })
  await sender.call(deployed.accessManager, multicallOf(deployed, calls))
  await sender.mined()

  const token = { address: deployed.payoutToken, abi: payoutTokenAbi } as const
  return {
    ...lowerAll(deployed),
    chainId: await sender.client.getChainId(),
    chainName: options.chainName ?? wallet.chain?.name ?? 'local',
    startBlock,
    explorerUrl: options.explorerUrl ?? wallet.chain?.blockExplorers?.default.url ?? null,
    payoutTokenSymbol: await sender.client.readContract({ ...token, functionName: 'symbol' }),
    payoutTokenDecimals: await sender.client.readContract({ ...token, functionName: 'decimals' }),
    libraries: lowerAll(sender.libraries),
    constructorArguments,
    adminDelaySeconds,
    parties: lowerAll(parties),
  }
}

/** ABI-encoded constructor arguments alone, as explorers ask for them. */
export function encodeConstructor(abi: Abi, args: readonly unknown[]): Hex {
  const creation = abi.find((item) => item.type === 'constructor')
  return creation === undefined ? '0x' : encodeAbiParameters(creation.inputs, args)
}

/** Who gets what: what the options don't name is the operator's. */
function partiesOf(operator: Address, options: DeployOptions): Record<Party, Address> {
  const named = {
    ...options.parties,
    minter: options.minter,
    identityAttestor: options.attestor,
    paymentAttestor: options.paymentAttestor,
    treasurer: options.treasurer ?? options.parties?.treasurer ?? operator,
  }
  const parties = Object.fromEntries(PARTIES.map((party) => [party, named[party as keyof typeof named] ?? operator])) as Record<
    Party,
    Address
  >
  const servers = Object.keys(SERVER_ROLES) as (keyof typeof SERVER_ROLES)[]
  for (const [index, one] of servers.entries()) {
    const other = servers.slice(index + 1).find((each) => isAddressEqual(parties[each], parties[one]))
    if (other !== undefined)
      throw new Error(`${parties[one]} can't be ${[one, other].sort().join(' and ')}: an account has one role of the ledger`)
  }
  return parties
}

const ABIS = { accessManager: accessManagerAbi, ownership: ownershipAbi, vault: vaultAbi } as const

/** The set-up as one call of the access manager, which calls the others itself. */
export function multicallOf(at: Readonly<Record<Part, Address>>, calls: readonly SetUpCall[]): Hex {
  const encoded = calls.map(({ to, functionName, args }) => {
    const data = encodeFunctionData({ abi: ABIS[to as keyof typeof ABIS] as Abi, functionName, args })
    return to === 'accessManager' ? data : encodeFunctionData({ abi: accessManagerAbi, functionName: 'execute', args: [at[to], data] })
  })
  return encodeFunctionData({ abi: accessManagerAbi, functionName: 'multicall', args: [encoded] })
}

export interface DeploySender {
  client: PublicActions
  /** What was deployed to be linked, by name. */
  libraries: Record<string, Address>
  /** Sends the creation of a contract, after that of the libraries it needs. */
  deploy(source: string, args: readonly unknown[]): Promise<Address>
  call(to: Address, data: Hex): Promise<void>
  nextNonce(): number
  /** Waits for all that was sent and answers the first block of it. */
  mined(): Promise<number>
}

/** Sends one transaction after another without waiting; addresses follow from the nonce. */
export async function openSender(wallet: Deployer, artifacts?: string): Promise<DeploySender> {
  const client = wallet.extend(publicActions)
  const from = wallet.account.address
  const chain = wallet.chain ?? null
  const libraries: Record<string, Address> = {}
  let nonce = await client.getTransactionCount({ address: from, blockTag: 'pending' })
  let hashes: Hex[] = []
  const create = async (artifact: Artifact, args: readonly unknown[]): Promise<Address> => {
    for (const source of librariesOf(artifact)) {
      libraries[contractIn(source)] ??= await create(await readArtifact(source, artifacts), [])
    }
    const address = getContractAddress({ from, nonce: BigInt(nonce) })
    const bytecode = linkBytecode(artifact.bytecode, artifact.linkReferences, libraries)
    hashes.push(await wallet.sendTransaction({ chain, nonce: nonce++, data: encodeDeployData({ abi: artifact.abi, bytecode, args }) }))
    return address
  }
  return {
    client,
    libraries,
    deploy: async (source, args) => create(await readArtifact(source, artifacts), args),
    async call(to, data) {
      hashes.push(await wallet.sendTransaction({ chain, nonce: nonce++, to, data }))
    },
    nextNonce: () => nonce,
    async mined() {
      const receipts = await Promise.all(hashes.map((hash) => client.waitForTransactionReceipt({ hash })))
      hashes = []
      const reverted = receipts.find((receipt) => receipt.status !== 'success')
      if (reverted) throw new Error(`Deployment failed: transaction ${reverted.transactionHash} reverted`)
      return Math.min(...receipts.map(({ blockNumber }) => Number(blockNumber)))
    },
  }
}

/** Addresses as the mirror and the wire have them: lower case. */
export function lowerAll<T extends Record<string, Address>>(addresses: T): { [K in keyof T]: Address } {
  return Object.fromEntries(Object.entries(addresses).map(([name, address]) => [name, address.toLowerCase() as Address])) as never
}
