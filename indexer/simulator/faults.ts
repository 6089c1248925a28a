import { numberToHex } from 'viem'
import {
  answer,
  blocks,
  body,
  finality,
  http,
  logs,
  logsError,
  type NamedFault,
  on,
  otherView,
  rangeEnds,
  refused,
  sometimes,
} from './fault-kinds.ts'
import { branchesOf, invented, isTransfer, onBatch, otherHash, placeIn, shout, swapResults, wireAt } from './fault-tools.ts'
import type { Answer } from './node.ts'
import { answerCall } from './rpc.ts'
import type { RpcBlock } from './wire.ts'

/** The fault matrix, one line each, as new as a test wants it: some count. Whatever a node does, nothing wrong may be written, and all is well once it stops. */
export function listFaults(): NamedFault[] {
  const nearBranch = branchesOf(3)
  const farBranch = branchesOf(40)
  return [
    http('is busy (429) and says for how long', { status: 429, headers: { 'retry-after': '1' } }),
    http('is busy (429) and does not say for how long', { status: 429 }),
    http('is busy (429) and says so in HTML', { status: 429, body: '<html>Too many requests</html>' }),
    http('fails (500)', { status: 500 }),
    http('is behind a broken gateway (502, HTML)', { status: 502, body: '<html>Bad gateway</html>' }),
    http('is away for now (503)', { status: 503 }),
    http('is behind a gateway that gave up (504)', { status: 504, body: 'upstream request timeout' }),
    http('wants a key (401)', { status: 401, body: '{"error":"missing api key"}' }),
    http('sends HTML with status 200', { status: 200, body: '<html>Welcome</html>' }),
    http('sends nothing with status 200', { status: 200, body: '' }),
    http('hangs up', 'reset'),
    http('never answers', 'hang', { isSlow: true }),
    http('finds its answers too large (413)', { status: 413, body: 'response too large' }),
    sometimes(http('hangs up on every third request', 'reset'), 3),
    sometimes(http('fails (500) on every other request', { status: 500 }), 2),
    body('cuts its answers short', (text) => text.slice(0, -Math.ceil(text.length / 3))),
    body('cuts its answers short by a byte', (text) => text.slice(0, -1)),
    body('sends something after its answer', (text) => `${text}{"jsonrpc"`),
    answer('answers another request’s id', (said) => ({ ...said, id: 987_654 })),
    answer('answers without an id', ({ jsonrpc, result }) => ({ jsonrpc, result }) as Answer),
    answer('answers without a result', ({ jsonrpc, id }) => ({ jsonrpc, id })),
    answer('answers null to everything', (said) => ({ ...said, result: null })),
    answer('answers a text to everything', (said) => ({ ...said, result: 'OK' })),
    answer('answers an error to everything', (said) => refused(said, -32_603, 'internal error')),
    body('sends the answers of a batch in reverse', (text) => onBatch(text, (list) => list.toReversed()), { isHarmless: true }),
    body('leaves out the last answer of a batch', (text) => onBatch(text, (list) => list.slice(0, -1))),
    body('sends the first answer of a batch twice', (text) => onBatch(text, (list) => [...list.slice(0, 1), ...list])),
    body('swaps the results of a batch', (text) => onBatch(text, swapResults)),

    on(/^(eth_chainId|net_version)$/, 'is on another chain all at once', (said) => ({ ...said, result: '0x89' }), {
      mayStop: 'WRONG_CHAIN',
    }),
    blocks('sends no block', () => null),
    blocks('sends a block without a hash', (block) => ({ ...block, hash: null }), { complaint: 'RPC_BAD_BLOCK' }),
    blocks('sends a block without a number', (block) => ({ ...block, number: null })),
    blocks('sends a block without a parent', ({ parentHash: _, ...block }) => block),
    blocks('sends a block without a time', ({ timestamp: _, ...block }) => block),
    blocks('sends a block without a bloom filter', (block) => ({ ...block, logsBloom: null }), { complaint: 'RPC_BAD_BLOCK' }),
    blocks('sends a block with an empty bloom filter cut short', (block) => ({ ...block, logsBloom: '0x00' })),
    blocks('sends a block whose number is a number', (block) => ({ ...block, number: Number(block.number) })),
    blocks('sends a block whose number is in words', (block) => ({ ...block, number: 'latest' })),
    blocks('sends a block of an impossible height', (block) => ({ ...block, number: '0xffffffffffff' })),
    blocks('sends a block of a negative height', (block) => ({ ...block, number: '-0x1' })),
    blocks('sends a block from ten years ahead', (block) => ({
      ...block,
      timestamp: numberToHex(Math.floor(Date.now() / 1000) + 315_360_000),
    })),
    blocks('sends a block of another parent', (block) => ({ ...block, parentHash: otherHash(block.parentHash) })),
    blocks('sends the block before the one asked for', (block, view) => wireAt(view, Number(block.number) - 1)),
    blocks('shows a head that is one block short of its hash', (block) => ({
      ...block,
      number: numberToHex(Math.max(0, Number(block.number) - 1)),
    })),

    logs('finds no logs at all', () => [], { isUnseenInRanges: true, complaint: 'RPC_LOGS_MISSING' }),
    logs('leaves out the first log', (list) => list.slice(1), { isUnseenInRanges: true, complaint: 'RPC_LOGS_MISSING' }),
    logs('leaves out the last log', (list) => list.slice(0, -1), { isUnseenInRanges: true, complaint: 'RPC_LOGS_MISSING' }),
    logs('leaves out a log in the middle', (list) => list.toSpliced(list.length >> 1, 1), { isUnseenInRanges: true }),
    logs('sends a log twice', (list) => [...list, ...list.slice(0, 1)], { complaint: 'RPC_LOG_DUPLICATE' }),
    logs('sends all logs twice', (list) => [...list, ...list], { complaint: 'RPC_LOG_DUPLICATE' }),
    logs('sends logs out of order', (list) => list.toReversed(), { isHarmless: true }),
    logs('calls its logs removed', (list) => list.map((log) => ({ ...log, removed: true })), { complaint: 'RPC_LOG_REMOVED' }),
    logs('calls one log removed', (list) => list.map((log, at) => ({ ...log, removed: at === 0 }))),
    logs('sends logs of another block’s hash', (list) => list.map((log) => ({ ...log, blockHash: otherHash(log.blockHash) })), {
      complaint: 'RPC_BLOCK_MISMATCH',
    }),
    logs('sends logs of another height', (list) => list.map((log) => ({ ...log, blockNumber: '0x1' }))),
    logs('sends logs of an impossible height', (list) => list.map((log) => ({ ...log, blockNumber: '0xffffffffffffff' }))),
    logs('sends the heights of logs as numbers', (list) => list.map((log) => ({ ...log, blockNumber: Number(log.blockNumber) }))),
    logs('dates logs a day ahead', (list) => list.map((log) => ({ ...log, blockTimestamp: numberToHex(Date.now()) }))),
    logs(
      'sends logs of the next height',
      (list) => list.map((log) => ({ ...log, blockNumber: numberToHex(Number(log.blockNumber) + 1) })),
      { isUnseenInRanges: true },
    ),
    logs('sends logs without a block', (list) => list.map((log) => ({ ...log, blockHash: null, blockNumber: null }))),
    logs('sends logs without an index', (list) => list.map(({ logIndex: _, ...log }) => log)),
    logs('sends logs without a transaction', (list) => list.map((log) => ({ ...log, transactionHash: null }))),
    logs('sends logs with one index', (list) => list.map((log) => ({ ...log, logIndex: '0x0' }))),
    logs('counts its logs from one', (list) => list.map((log) => ({ ...log, logIndex: numberToHex(Number(log.logIndex) + 1) })), {
      isUnseenInRanges: true,
      complaint: 'RPC_LOGS_MISSING',
    }),
    logs('sends logs without topics', (list) => list.map((log) => ({ ...log, topics: null }))),
    logs('cuts the last topic off', (list) => list.map((log) => ({ ...log, topics: log.topics.slice(0, -1) })), {
      mayStop: 'UNEXPECTED_EVENT',
    }),
    logs('cuts data short by a byte', (list) => list.map((log) => ({ ...log, data: log.data.slice(0, -2) })), {
      mayStop: 'UNEXPECTED_EVENT',
    }),
    logs('sends data that are no hex', (list) => list.map((log) => ({ ...log, data: 'none' })), { mayStop: 'UNEXPECTED_EVENT' }),
    logs('sends null among the logs', (list) => [null, ...list]),
    logs('sends null for logs', () => null),
    logs('sends logs as an object', (list) => ({ ...list })),
    logs('invents a log', (list) => (list.length === 0 ? list : [...list, invented(list.at(-1)!)]), {
      isUnseenInRanges: true,
      complaint: 'RPC_LOGS_M',
    }),
    logs(
      'changes a topic',
      (list) => list.map((log) => ({ ...log, topics: log.topics.map((topic, at) => (at === 3 ? otherHash(topic) : topic)) })),
      { isUnseenInRanges: true, complaint: 'RPC_LOGS_M' },
    ),
    rangeEnds('invents a log in the last block of a range', (end, block, all) => {
      const model = all.findLast(isTransfer)
      if (model === undefined) return end
      return [...end, { ...invented(model), ...placeIn(block), logIndex: numberToHex(block.logs.length) }]
    }),
    rangeEnds('leaves out the last block of a range', () => []),
    logs('writes everything in capitals', (list) => list.map(shout), { isHarmless: true }),
    logs('leaves out when a block was', (list) => list.map(({ blockTimestamp: _, ...log }) => log), { isHarmless: true }),
    logsError('allows a range of 10 blocks', -32_602, 'eth_getLogs is limited to a 10 block range', 10),
    logsError('allows a range of one block', -32_005, 'query returned more than 10000 results', 1),
    logsError('finds every range too large', -32_005, 'query returned more than 10000 results'),
    logsError(
      'finds every answer too large',
      -32_008,
      'Response size exceeded. You can make eth_getLogs requests with up to a 2K block range',
    ),
    logsError('takes too long over logs', -32_000, 'query timeout exceeded'),
    logsError('lost the state', -32_000, 'missing trie node'),
    logsError('knows no such block', -32_000, 'unknown block'),

    otherView(/./, 'is stuck at an old block', (view) => ({ ...view, lag: 12 })),
    otherView(/./, 'falls ever further behind', (view, count) => ({ ...view, lag: count >> 3 })),
    otherView(/./, 'is one of two, of which one is behind', (view, count) => ({ ...view, lag: (count & 1) * 9 })),
    otherView(/^eth_getLogs$/, 'has new heads and old logs', (view) => ({ ...view, lag: 15 }), { isUnseenInRanges: true }),
    on(
      /^eth_getLogs$/,
      'finds nothing in blocks that it has not got yet',
      (said, view, { params }) => {
        const late = answerCall({ ...view, lag: 15 }, 'eth_getLogs', params)
        return { ...said, result: 'error' in late ? [] : late.result }
      },
      { isUnseenInRanges: true, complaint: 'RPC_LOGS_MISSING' },
    ),
    otherView(/^eth_getBlockBy/, 'has new logs and old heads', (view) => ({ ...view, lag: 15 })),
    otherView(/./, 'goes over to another branch', (view) => ({ ...view, chain: nearBranch(view.chain) })),
    otherView(/./, 'is one of two on different branches', (view, count) => (count & 1 ? view : { ...view, chain: farBranch(view.chain) })),
    otherView(
      /^eth_getBlockBy/,
      'mixes the headers of two branches',
      (view, count) => (count % 3 > 0 ? view : { ...view, chain: farBranch(view.chain) }),
      { complaint: 'RPC_BLOCK_MISMATCH' },
    ),
    otherView(/^eth_getLogs$/, 'has logs of another branch', (view) => ({ ...view, chain: nearBranch(view.chain) }), {
      isUnseenInRanges: true,
    }),
    otherView(/^eth_getBlockBy/, 'has heads of another branch', (view) => ({ ...view, chain: nearBranch(view.chain) })),

    finality('loses its final block', (said) => refused(said, -32_000, 'finalized block not found'), { isHarmless: true }),
    finality('has no final block', (said) => ({ ...said, result: null }), { isHarmless: true }),
    finality('takes its final block back', (said, view) => ({ ...said, result: wireAt(view, 2) }), { isHarmless: true }),
    finality('calls its head final', (said, view) => ({ ...said, result: wireAt(view, view.chain.head.number - view.lag) }), {
      isFinalityLie: true,
    }),
    finality(
      'calls a block final that is ahead of its head',
      (said, view) => ({
        ...said,
        result: { ...wireAt(view, view.chain.head.number), number: '0xffffff' },
      }),
      { isFinalityLie: true },
    ),
    finality('calls a block of another branch final', (said) => ({
      ...said,
      result: { ...(said.result as RpcBlock), hash: otherHash('0x01') },
    })),
  ]
}
