import { BlockNotFoundError, type Hex, type Log, type PublicClient, toHex } from 'viem'
import { bloomIsCoveredBy, bloomKnows, bloomMayContain } from './bloom.ts'
import { Retry } from './errors.ts'
import { createPost, type Post, refuseErrors } from './post.ts'
import { openPostThread } from './post-thread.ts'

/** A block's header, as far as the mirror needs it. */
export interface Block {
  number: bigint
  hash: Hex
  parentHash: Hex
  timeSeconds: bigint
  logsBloom: Hex
}

/** A log of one of the mirrored contracts that is in a block. */
export type MinedLog = Log<bigint, number, false>

/** One node, read with suspicion: an answer that contradicts itself or the question throws {@link Retry} and is never returned. */
export interface Source {
  latest(): Promise<Block>
  /** @throws Retry RPC_BLOCK_MISSING when the node doesn't have it */
  blockAt(number: bigint): Promise<Block>
  /** Undefined when the node can't say. */
  finalized(): Promise<Block | undefined>
  /** The mirrored contracts' logs of exactly this block, proven complete against its bloom filter; in order. */
  logsIn(block: Block): Promise<MinedLog[]>
  /** The same with the header, asked for at one time: half as long, and a request too many when the block holds none of them. */
  blockWithLogs(number: bigint): Promise<{ block: Block; logs: MinedLog[] }>
  /** The bytes of the node's answer for a range of old blocks: a list of logs, unread. @throws NodeError when it refuses */
  logsAnswer(fromBlock: bigint, toBlock: bigint): Promise<Buffer>
  /** Its memory may serve another answer. */
  release(answer: Buffer): void
  /** Lets a thread of its own fetch the answers of {@link Source.logsAnswer} until the function that comes back is called. */
  fetchInThread(): () => Promise<void>
  /** The same, read and checked. */
  logsBetween(fromBlock: bigint, toBlock: bigint): Promise<MinedLog[]>
}

export interface SourceOptions {
  /** Unix second that no honest block is later than, since no clock is that wrong; without it any time is believed. */
  newestTime?: (() => bigint) | undefined
  /** First topics of the logs that ranges are asked for; without it all. */
  topics?: readonly Hex[] | undefined
}

export function createSource(client: PublicClient, addresses: readonly Hex[], { newestTime, topics }: SourceOptions = {}): Source {
  let post: Post | undefined
  const toBlock = (sent: RpcBlock): Block => {
    const block = readBlock(sent)
    const limit = newestTime?.()
    if (limit !== undefined && block.timeSeconds > limit)
      throw new Retry('RPC_BAD_BLOCK', `Block ${block.number} says it was made ${block.timeSeconds - limit} seconds later than can be`)
    return block
  }
  const blockAt = async (number: bigint): Promise<Block> => {
    const block = await client.getBlock({ blockNumber: number }).catch((cause) => {
      if (cause instanceof BlockNotFoundError) throw new Retry('RPC_BLOCK_MISSING', `The node has no block ${number}`, { cause })
      throw cause
    })
    const checked = toBlock(block)
    if (checked.number !== number) throw new Retry('RPC_BLOCK_MISMATCH', `Asked for block ${number}, the node sent ${checked.number}`)
    return checked
  }
  const mayHoldOurs = (block: Block) => addresses.some((address) => bloomMayContain(block.logsBloom, address))
  /** Takes all logs of the block, not only ours: only they can be held against the filter and counted. */
  const proveLogs = (block: Block, sent: Log[]): MinedLog[] => {
    const logs = checkLogs(sent)
    for (const log of logs)
      if (log.blockHash !== block.hash || log.blockNumber !== block.number)
        throw new Retry('RPC_BLOCK_MISMATCH', `A log of block ${log.blockNumber} came with block ${block.number}`)
    const isGapless = logs.every((log, at) => log.logIndex === at)
    if (!isGapless || !bloomIsCoveredBy(block.logsBloom, logs))
      throw new Retry('RPC_LOGS_MISSING', `The node left out logs of block ${block.number} that its header speaks of`)
    const ours = logs.filter((log) => addresses.includes(log.address))
    if (!bloomKnows(block.logsBloom, ours))
      throw new Retry('RPC_LOGS_MISMATCH', `The node sent a log of block ${block.number} that its header does not know`)
    return ours
  }
  const logsIn = async (block: Block): Promise<MinedLog[]> =>
    mayHoldOurs(block) ? proveLogs(block, await client.getLogs({ blockHash: block.hash })) : []
  return {
    latest: async () => toBlock(await client.getBlock({ blockTag: 'latest' })),

    blockAt,

    async finalized() {
      // Polygon's nodes answer "finalized block not found" while their milestone and their chain disagree.
      return client.getBlock({ blockTag: 'finalized' }).then(readBlock, () => undefined)
    },

    logsIn,

    async blockWithLogs(number) {
      // By its number: its hash is not known yet. Some nodes limit what they tell by number, and not what they tell by hash.
      const byNumber = client.getLogs({ fromBlock: number, toBlock: number }).catch(() => undefined)
      const block = await blockAt(number)
      const sent = await byNumber
      if (sent === undefined) return { block, logs: await logsIn(block) }
      return { block, logs: mayHoldOurs(block) ? proveLogs(block, sent) : [] }
    },

    async logsAnswer(fromBlock, toBlock) {
      post ??= createPost(urlOf(client))
      const filter = { address: addresses, topics: topics && [topics], fromBlock: toHex(fromBlock), toBlock: toHex(toBlock) }
      return refuseErrors(await post(JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'eth_getLogs', params: [filter] })))
    },

    release: (answer) => post?.release(answer),

    fetchInThread() {
      const thread = openPostThread(urlOf(client))
      post = thread
      return () => {
        post = undefined
        return thread.close()
      }
    },

    async logsBetween(fromBlock, toBlock) {
      const logs = checkLogs(await client.getLogs({ address: [...addresses], fromBlock, toBlock }))
      for (const log of logs)
        if (log.blockNumber < fromBlock || log.blockNumber > toBlock)
          throw new Retry('RPC_BLOCK_MISMATCH', `A log of block ${log.blockNumber} came with blocks ${fromBlock} to ${toBlock}`)
      return logs.filter((log) => addresses.includes(log.address))
    },
  }
}

/** Lower-cases, sorts and refuses what no honest answer contains. */
export function checkLogs(logs: readonly Log[]): MinedLog[] {
  const checked = logs.map((log) => {
    if (log.removed === true) throw new Retry('RPC_LOG_REMOVED', 'The node sent a log that it calls removed')
    const { blockHash, blockNumber, logIndex, transactionHash, transactionIndex } = log
    if (
      blockNumber === null ||
      transactionIndex === null ||
      !Number.isSafeInteger(logIndex) ||
      !isHash(blockHash) ||
      !isHash(transactionHash)
    )
      throw new Retry('RPC_LOGS_MISMATCH', 'The node sent a log without its block, transaction or index')
    return {
      ...log,
      address: lower(log.address),
      topics: log.topics.map(lower) as typeof log.topics,
      blockHash: lower(blockHash),
      transactionHash: lower(transactionHash),
    } as MinedLog
  })
  checked.sort((a, b) => (a.blockNumber === b.blockNumber ? a.logIndex - b.logIndex : a.blockNumber < b.blockNumber ? -1 : 1))
  checked.forEach((log, at) => {
    const before = checked[at - 1]
    if (before?.blockNumber === log.blockNumber && before.logIndex === log.logIndex)
      throw new Retry('RPC_LOG_DUPLICATE', `The node sent log ${log.logIndex} of block ${log.blockNumber} twice`)
  })
  return checked
}

type RpcBlock = { number: bigint | null; hash: Hex | null; parentHash: Hex; timestamp: bigint; logsBloom: Hex | null }

function readBlock({ number, hash, parentHash, timestamp, logsBloom }: RpcBlock): Block {
  if (
    number === null ||
    !isHash(hash) ||
    !isHash(parentHash) ||
    typeof timestamp !== 'bigint' ||
    !/^0x[0-9a-f]{512}$/i.test(logsBloom ?? '')
  )
    throw new Retry('RPC_BAD_BLOCK', 'The node sent a block without number, hash, parent, time or bloom filter')
  return { number, hash: lower(hash), parentHash: lower(parentHash), timeSeconds: timestamp, logsBloom: lower(logsBloom!) }
}

/** The client's own address: answers of megabytes are read past it. */
function urlOf(client: PublicClient): string {
  const { url } = client.transport as { url?: unknown }
  if (typeof url !== 'string') throw new TypeError('A source needs a client over HTTP')
  return url
}

function isHash(value: unknown): value is Hex {
  return typeof value === 'string' && /^0x[0-9a-f]{64}$/i.test(value)
}

function lower(value: Hex): Hex {
  return value.toLowerCase() as Hex
}
