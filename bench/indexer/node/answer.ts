import { CHAIN_ID, CONTRACT } from '../chain/tokens.ts'
import { blockJson, receiptsJson, transactionAt } from './blocks.ts'
import type { ChainView } from './chain-view.ts'
import { ethCall } from './eth-call.ts'
import { getLogs, type LogFilter } from './get-logs.ts'
import type { Limits } from './limits.ts'
import type { Parts } from './parts.ts'
import { RpcError } from './rpc-error.ts'
import { blockNumberOf } from './tags.ts'

type Answer = (chain: ChainView, params: never, limits: Limits | undefined) => Parts

const NOTHING = ['null']

/** What the node knows to answer: the JSON of the result. */
export const METHODS: Record<string, Answer> = {
  eth_chainId: () => [`"0x${CHAIN_ID.toString(16)}"`],
  net_version: () => [`"${CHAIN_ID}"`],
  web3_clientVersion: () => ['"fixture/1"'],
  eth_syncing: () => ['false'],
  eth_gasPrice: () => ['"0x6fc23ac00"'],
  eth_blockNumber: (chain) => [`"0x${chain.head.toString(16)}"`],
  eth_getBlockByNumber(chain, [name, isFull]: [string, boolean]) {
    const number = blockNumberOf(chain, name)
    return number > chain.head ? NOTHING : blockJson(chain, number, isFull === true)
  },
  eth_getBlockByHash(chain, [hash, isFull]: [string, boolean]) {
    const number = chain.numberOf(hash.toLowerCase())
    return number === undefined ? NOTHING : blockJson(chain, number, isFull === true)
  },
  eth_getLogs: (chain, [filter]: [LogFilter], limits) => getLogs(chain, filter, limits),
  eth_getBlockReceipts(chain, [name]: [string]) {
    const number = name.length === 66 ? chain.numberOf(name.toLowerCase()) : blockNumberOf(chain, name)
    return number === undefined || number > chain.head ? NOTHING : [`[${receiptsJson(chain, number).join(',')}]`]
  },
  eth_getTransactionReceipt(chain, [hash]: [string]) {
    const found = chain.findTransaction(hash.toLowerCase())
    return found === undefined ? NOTHING : [receiptsJson(chain, found.block)[found.index]!]
  },
  eth_getTransactionByHash(chain, [hash]: [string]) {
    const found = chain.findTransaction(hash.toLowerCase())
    return found === undefined ? NOTHING : [transactionAt(chain, found.block, found.index)]
  },
  eth_getBalance: () => ['"0x0"'],
  eth_getCode: (_chain, [address]: [string]) => [address.toLowerCase() === CONTRACT ? '"0x60016000"' : '"0x"'],
  eth_call: (chain, [call, block]: [Parameters<typeof ethCall>[1], unknown]) => [`"${ethCall(chain, call, block)}"`],
}

export interface Request {
  id?: unknown
  method: string
  params?: unknown[]
}

/** One request's whole answer as JSON. */
export function answer(chain: ChainView, request: Request, limits: Limits | undefined): Parts {
  const head = `{"jsonrpc":"2.0","id":${JSON.stringify(request.id ?? null)}`
  try {
    const method = METHODS[request.method]
    if (method === undefined) throw new RpcError(-32_601, `the method ${request.method} does not exist/is not available`)
    return [`${head},"result":`, ...method(chain, (request.params ?? []) as never, limits), '}']
  } catch (error) {
    const { code, message } = error instanceof RpcError ? error : { code: -32_603, message: String(error) }
    return [`${head},"error":${JSON.stringify({ code, message })}}`]
  }
}
