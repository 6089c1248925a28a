import {
  CallExecutionError,
  createPublicClient,
  ExecutionRevertedError,
  encodeFunctionData,
  type Hex,
  http,
  type PublicClient,
  padHex,
  parseAbi,
} from 'viem'
import type { Log } from '../common/node/log.ts'
import { topicsOf } from './decode.ts'
import { Retry, Stop } from './errors.ts'
import { addressesOf, type Contracts } from './settings.ts'
import { createSource, type Source } from './source.ts'
import { createWitness, type Witness } from './witness.ts'

/** The RPC nodes at hand, one in use at a time, so that one step never mixes the views of two. */
export interface Nodes {
  readonly count: number
  readonly chainId: number
  /** The node in use, its chain id checked since it last failed. @throws Retry RPC_WRONG_CHAIN */
  use(): Promise<NodeInUse>
  /** The node in use failed: the next one serves, and this one is checked anew before it serves again. */
  fail(): void
}

export interface NodeInUse {
  url: string
  source: Source
  /** The same node, asked for the logs of other addresses. */
  sourceOf(addresses: readonly Hex[]): Source
  /** What the other nodes say of a block. */
  witnesses: readonly Witness[]
  /** This node's word and then the others': what is final, all have to say alike. */
  voices: readonly Witness[]
}

const TIMEOUT_MS = 10_000

/**
 * Opens the nodes: every one that answers must be on the same chain, and one must know the contracts.
 * @throws Stop WRONG_CHAIN, CONTRACT_NOT_FOUND
 * @throws when no node answers at all
 */
export async function openNodes(
  urls: readonly string[],
  expectedChainId: number | undefined,
  contracts: Contracts,
  log: Log,
  newestTime?: () => bigint,
): Promise<Nodes> {
  const nodes = urls.map((url) => {
    const client = createPublicClient({ transport: http(url, { timeout: TIMEOUT_MS, retryCount: 2, retryDelay: 50 }) })
    const source = createSource(client as PublicClient, addressesOf(contracts), { newestTime, topics: topicsOf(contracts) })
    return { url, client: client as PublicClient, source, witness: createWitness(source), isChecked: false }
  })
  let chainId = expectedChainId
  let failure: unknown
  for (const node of nodes) {
    try {
      const addresses = addressesOf(contracts)
      const [answered, ...codes] = await Promise.all([
        node.client.getChainId(),
        ...addresses.map((address) => node.client.getCode({ address })),
      ])
      chainId ??= answered
      if (answered !== chainId)
        throw new Stop('WRONG_CHAIN', `The node at ${hostOf(node.url)} is on chain ${answered}, expected ${chainId}`)
      const nowhere = addresses.find((_, at) => codes[at] === undefined)
      if (nowhere !== undefined)
        throw new Stop('CONTRACT_NOT_FOUND', `There is no contract at ${nowhere} on chain ${chainId} (asked ${hostOf(node.url)})`)
      if (contracts.vault === undefined && !(await isErc1155(node.client, contracts.ownership)))
        throw new Stop('NOT_ERC1155', `The contract at ${contracts.ownership} is no ERC-1155 contract (asked ${hostOf(node.url)})`)
      node.isChecked = true
    } catch (error) {
      if (error instanceof Stop) throw error
      log.warn({ node: hostOf(node.url), reason: reasonOf(error) }, 'A node did not answer')
      failure = error
    }
  }
  if (!nodes.some((node) => node.isChecked)) throw failure
  const agreed = chainId!
  let current = nodes.findIndex((node) => node.isChecked)
  return {
    count: nodes.length,
    chainId: agreed,
    async use() {
      const node = nodes[current]!
      if (!node.isChecked) {
        const answered = await node.client.getChainId()
        if (answered !== agreed)
          throw new Retry('RPC_WRONG_CHAIN', `The node at ${hostOf(node.url)} is on chain ${answered}, expected ${agreed}`)
        node.isChecked = true
      }
      const { url, client, source, witness } = node
      const witnesses = nodes.filter((other) => other !== node).map(({ witness }) => witness)
      return {
        url,
        source,
        witnesses,
        voices: [witness, ...witnesses],
        sourceOf: (addresses) => createSource(client, addresses, { newestTime }),
      }
    },
    fail() {
      nodes[current]!.isChecked = false
      current = (current + 1) % nodes.length
    },
  }
}

/** ERC-165: a contract that knows every interface knows none. */
async function isErc1155(client: PublicClient, address: Hex): Promise<boolean> {
  const supports = async (interfaceId: Hex) => {
    try {
      const { data } = await client.call({
        to: address,
        data: encodeFunctionData({ abi: erc165Abi, functionName: 'supportsInterface', args: [interfaceId] }),
      })
      return data === TRUE
    } catch (error) {
      if (isContractsAnswer(error)) return false
      throw error
    }
  }
  const [isOne, isAll] = await Promise.all([supports('0xd9b67a26'), supports('0xffffffff')])
  return isOne && !isAll
}

const erc165Abi = parseAbi(['function supportsInterface(bytes4 interfaceId) view returns (bool)'])
const TRUE = padHex('0x1')

/** A contract that reverted or ran astray has answered; whatever else goes wrong is the node's doing. */
function isContractsAnswer(error: unknown): boolean {
  return (
    error instanceof CallExecutionError &&
    (error.walk((cause) => cause instanceof ExecutionRevertedError) !== null || /invalid opcode|out of gas|jump|stack/i.test(error.details))
  )
}

/** Host and port only: RPC addresses often carry a key in their path. */
export function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : 'an address that is no URL'
}

/** One line without the request's address or body. */
export function reasonOf(error: unknown): string {
  if (error instanceof Retry) return `${error.code}: ${error.message}`
  const short = (error as { shortMessage?: unknown })?.shortMessage
  const details = (error as { details?: unknown })?.details
  if (typeof short === 'string')
    return typeof details === 'string' && details !== '' && !details.includes('://') ? `${short} (${details})` : short
  return error instanceof Error ? error.message : String(error)
}
