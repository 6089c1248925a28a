import { CHAIN_ID, CONTRACT, quantity } from '../chain/tokens.ts'
import type { ChainView } from './chain-view.ts'
import type { Parts } from './parts.ts'

/** A block's JSON, with hashes of its transactions or with the transactions themselves. */
export function blockJson({ store }: ChainView, number: number, isFull: boolean): Parts {
  const { before, after } = store.readHeader(number)
  const transactions = store.readTransactions(number)
  const list = isFull
    ? transactions.map((_, index) => transactionJson(store.hashOf(number), number, transactions, index))
    : transactions.map(({ hash }) => `"${hash}"`)
  return [before, `[${list.join(',')}]`, after]
}

/** The header that eth_subscribe sends. */
export function headJson({ store }: ChainView, number: number): Parts {
  const { before, after } = store.readHeader(number)
  // Neither transactions nor uncles nor anything that is worked out from them.
  const header = JSON.parse(`${before}[]${after}`) as Record<string, unknown>
  const { transactions: _transactions, uncles: _uncles, size: _size, totalDifficulty: _total, ...rest } = header
  return [JSON.stringify(rest)]
}

export function transactionAt({ store }: ChainView, number: number, index: number): string {
  return transactionJson(store.hashOf(number), number, store.readTransactions(number), index)
}

/** The receipts of a block, in order. */
export function receiptsJson({ store }: ChainView, number: number): string[] {
  const hash = store.hashOf(number)
  const logs = JSON.parse(`[${store.readLogs(number, number, 'all').toString('latin1')}]`) as { transactionIndex: string }[]
  return store.readTransactions(number).map((transaction, index) => {
    const own = logs.filter(({ transactionIndex }) => Number(transactionIndex) === index)
    return `{"blockHash":"${hash}","blockNumber":"${quantity(number)}","contractAddress":null,"cumulativeGasUsed":"${quantity((index + 1) * 60_000)}","effectiveGasPrice":"0x6fc23ac00","from":"${transaction.from}","gasUsed":"0xea60","logs":${JSON.stringify(own)},"logsBloom":"0x${'0'.repeat(512)}","status":"0x1","to":"${CONTRACT}","transactionHash":"${transaction.hash}","transactionIndex":"${quantity(index)}","type":"0x2"}`
  })
}

function transactionJson(blockHash: string, number: number, transactions: { hash: string; from: string }[], index: number): string {
  const { hash, from } = transactions[index]!
  const input = `0xf242432a${'0'.repeat(24)}${from.slice(2)}${'0'.repeat(256)}`
  return `{"blockHash":"${blockHash}","blockNumber":"${quantity(number)}","from":"${from}","gas":"0x5208a","gasPrice":"0x6fc23ac00","maxFeePerGas":"0xba43b7400","maxPriorityFeePerGas":"0x6fc23ac00","hash":"${hash}","input":"${input}","nonce":"${quantity(number)}","to":"${CONTRACT}","transactionIndex":"${quantity(index)}","value":"0x0","type":"0x2","accessList":[],"chainId":"${quantity(CHAIN_ID)}","v":"0x1","r":"${blockHash}","s":"${hash}","yParity":"0x1"}`
}
