import type { BloomBuilder } from './bloom.ts'
import { type EventData, otherEvent, transferBatch, transferSingle } from './events.ts'
import { type Header, makeHeader, timeOf } from './header.ts'
import { type Ledger, type Move, mintSeveral, moveOne } from './ledger.ts'
import { createRandom, type Random } from './random.ts'
import { type Account, CONTRACT, NOBODY, quantity, type Tokens, wordOf } from './tokens.ts'

/** What the blocks of one chain have in common. */
export interface Forge {
  seed: number
  tokens: Tokens
  ledger: Ledger
  bloom: BloomBuilder
}

export interface Transaction {
  hash: string
  from: string
}

export interface MadeLog {
  /** As eth_getLogs answers it: keys in geth's order. */
  json: string
  isTransfer: boolean
}

export interface MadeBlock {
  number: number
  header: Header
  transactions: Transaction[]
  logs: MadeLog[]
  /** Every id moved, as one line `block|transaction|log|index|operator|from|to|id|value`. */
  transfers: string[]
}

const MEAN_LOGS = 10
const BATCH_IDS = 5

/** The next block of a chain: a pure function of seed, number, parent and what everybody holds before it, which it changes. */
export function makeBlock(forge: Forge, number: number, parentHash: string): MadeBlock {
  const random = createRandom(forge.seed, number)
  const count = number === 0 ? 0 : 1 + random.below(MEAN_LOGS * 2 - 1)
  const transactions: Transaction[] = []
  const transfers: string[] = []
  const logs: (EventData & { transaction: number; isTransfer: boolean })[] = []
  for (let logIndex = 0; logIndex < count; logIndex++) {
    const { event, operator, moves } = makeEvent(forge, random)
    if (logIndex === 0 || random.share() < 0.7) transactions.push({ hash: random.hash(), from: operator.address })
    const transaction = transactions.length - 1
    logs.push({ ...event, transaction, isTransfer: moves.length > 0 })
    for (const value of event.topics) forge.bloom.add(value)
    moves.forEach((move, index) => {
      const { id, unit } = forge.tokens.ids[move.id]!
      const [from, to] = [accountOf(forge, move.from).address, accountOf(forge, move.to).address]
      const value = unit === 1n ? move.amount : BigInt(move.amount) * unit
      transfers.push(`${number}|${transactions[transaction]!.hash}|${logIndex}|${index}|${operator.address}|${from}|${to}|${id}|${value}\n`)
    })
  }
  if (count > 0) forge.bloom.add(CONTRACT)
  const header = makeHeader({
    number,
    parentHash,
    logsBloom: forge.bloom.take(),
    transactionCount: transactions.length,
    stateRoot: random.hash(),
    transactionsRoot: random.hash(),
    receiptsRoot: random.hash(),
  })
  const [blockNumber, time] = [quantity(number), quantity(timeOf(number))]
  const toLog = ({ topics, data, transaction, isTransfer }: (typeof logs)[number], logIndex: number): MadeLog => ({
    isTransfer,
    json: `{"address":"${CONTRACT}","topics":["${topics.join('","')}"],"data":"${data}","blockNumber":"${blockNumber}","transactionHash":"${transactions[transaction]!.hash}","transactionIndex":"${quantity(transaction)}","blockHash":"${header.hash}","blockTimestamp":"${time}","logIndex":"${quantity(logIndex)}","removed":false}`,
  })
  return { number, header, transactions, logs: logs.map(toLog), transfers }
}

/** Of a hundred events 80 move one id, 5 move several, and 15 move nothing. */
function makeEvent(forge: Forge, random: Random): { event: EventData; operator: Account; moves: Move[] } {
  const { tokens, ledger } = forge
  const issuer = tokens.holders[0]!
  const roll = random.share()
  if (roll >= 0.85) return { event: otherEvent(tokens, random), operator: issuer, moves: [] }
  const moves = roll < 0.8 ? [moveOne(ledger, random)] : mintSeveral(ledger, random, BATCH_IDS)
  const { from, to } = moves[0]!
  const operator = from < 0 ? issuer : random.share() < 0.8 ? tokens.holders[from]! : tokens.holders[1]!
  const words = {
    operator,
    from: accountOf(forge, from),
    to: accountOf(forge, to),
    ids: moves.map(({ id }) => tokens.ids[id]!.word),
    values: moves.map(({ id, amount }) => (tokens.ids[id]!.unit === 1n ? wordOf(amount) : wordOf(BigInt(amount) * tokens.ids[id]!.unit))),
  }
  return { event: moves.length === 1 ? transferSingle(words) : transferBatch(words), operator, moves }
}

function accountOf({ tokens }: Forge, holder: number): Account {
  return holder < 0 ? NOBODY : tokens.holders[holder]!
}
