import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { openAppendFile } from './append-file.ts'
import type { MadeBlock, Transaction } from './make-block.ts'

/** A chain on disk, ready to be sent: every log and header as the JSON that a node answers. */
export interface ChainStore {
  /** Number of the newest block; -1 when there is none. */
  readonly head: number
  append(block: MadeBlock): void
  hashOf(number: number): string
  /** Logs of the blocks from `first` to `last`, as JSON objects with commas between them. */
  readLogs(first: number, last: number, kind: LogKind): Buffer
  countLogs(first: number, last: number, kind: LogKind): number
  /** A block's JSON before and after its list of transactions. */
  readHeader(number: number): { before: Buffer; after: Buffer }
  readTransactions(number: number): Transaction[]
  /** Forgets the blocks after `head`. */
  cut(head: number): void
  /** Writes down where everything is, so that the folder can be opened again. */
  save(): void
  close(): void
}

/** Everything, or the two events that move units. */
export type LogKind = 'all' | 'transfers'

// What stands in the index for each block: where its part of each file ends, and how many logs there are up to it.
const COLUMNS = ['all', 'transfers', 'headers', 'transactions', 'allCount', 'transfersCount'] as const
type Column = (typeof COLUMNS)[number]

const HASH_BYTES = 32
const TRANSACTION_BYTES = 52

/** Opens a chain's folder, or begins an empty chain in it. */
export function openStore(folder: string): ChainStore {
  const file = (name: string) => openAppendFile(join(folder, name))
  const [all, transfers, headers, transactions, hashes] = ['all', 'transfers', 'headers', 'transactions', 'hashes'].map(file) as [
    ReturnType<typeof file>,
    ReturnType<typeof file>,
    ReturnType<typeof file>,
    ReturnType<typeof file>,
    ReturnType<typeof file>,
  ]
  const indexPath = join(folder, 'index')
  let index = existsSync(indexPath) ? readNumbers(indexPath) : new Float64Array()
  let blocks = index.length / COLUMNS.length

  /** Where a column stood at the end of a block; 0 before the first. */
  const endOf = (number: number, column: Column) =>
    number < 0 ? 0 : index[Math.min(number, blocks - 1) * COLUMNS.length + COLUMNS.indexOf(column)]!
  const read = (source: typeof all, first: number, last: number, column: Column) =>
    source.read(endOf(first - 1, column), endOf(last, column))

  function append({ header, logs, transactions: made }: MadeBlock) {
    const before = { all: endOf(blocks - 1, 'allCount'), transfers: endOf(blocks - 1, 'transfersCount') }
    for (const { json, isTransfer } of logs) {
      all.append(`${json},`)
      if (isTransfer) transfers.append(`${json},`)
    }
    headers.append(`${header.before}\n${header.after}`)
    for (const { hash, from } of made) transactions.append(Buffer.from(hash.slice(2) + from.slice(2), 'hex'))
    hashes.append(Buffer.from(header.hash.slice(2), 'hex'))
    if ((blocks + 1) * COLUMNS.length > index.length) index = grown(index)
    const moving = logs.filter(({ isTransfer }) => isTransfer).length
    const row = [all.size, transfers.size, headers.size, transactions.size, before.all + logs.length, before.transfers + moving]
    index.set(row, blocks * COLUMNS.length)
    blocks++
  }

  return {
    get head() {
      return blocks - 1
    },
    append,
    hashOf: (number) => `0x${hashes.read(number * HASH_BYTES, (number + 1) * HASH_BYTES).toString('hex')}`,
    readLogs(first, last, kind) {
      const bytes = read(kind === 'all' ? all : transfers, first, last, kind)
      // Every log ends with a comma, also the last one.
      return bytes.length === 0 ? bytes : bytes.subarray(0, -1)
    },
    countLogs: (first, last, kind) => endOf(last, `${kind}Count`) - endOf(first - 1, `${kind}Count`),
    readHeader(number) {
      const bytes = read(headers, number, number, 'headers')
      const middle = bytes.indexOf('\n')
      return { before: bytes.subarray(0, middle), after: bytes.subarray(middle + 1) }
    },
    readTransactions(number) {
      const hex = read(transactions, number, number, 'transactions').toString('hex')
      return Array.from({ length: hex.length / (TRANSACTION_BYTES * 2) }, (_, at) => {
        const one = hex.slice(at * TRANSACTION_BYTES * 2, (at + 1) * TRANSACTION_BYTES * 2)
        return { hash: `0x${one.slice(0, 64)}`, from: `0x${one.slice(64)}` }
      })
    },
    cut(head) {
      const sizes = { all, transfers, headers, transactions }
      for (const [column, part] of Object.entries(sizes)) part.cut(endOf(head, column as Column))
      hashes.cut((head + 1) * HASH_BYTES)
      blocks = head + 1
    },
    save: () => writeFileSync(indexPath, Buffer.from(index.buffer, 0, blocks * COLUMNS.length * 8)),
    close() {
      for (const part of [all, transfers, headers, transactions, hashes]) part.close()
    },
  }
}

/** A file of eight-byte numbers, as this machine writes them. */
export function readNumbers(path: string): Float64Array<ArrayBuffer> {
  return new Float64Array(Uint8Array.from(readFileSync(path)).buffer)
}

function grown(index: Float64Array<ArrayBuffer>): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(Math.max(1_024 * COLUMNS.length, index.length * 2))
  larger.set(index)
  return larger
}
