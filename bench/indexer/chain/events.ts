import { toEventSelector } from 'viem'
import type { Random } from './random.ts'
import { type Account, type Tokens, wordOf } from './tokens.ts'

export const TRANSFER_SINGLE = selectorOf('TransferSingle(address,address,address,uint256,uint256)')
export const TRANSFER_BATCH = selectorOf('TransferBatch(address,address,address,uint256[],uint256[])')

/** Topics and data of one log, as 0x-prefixed hex. */
export interface EventData {
  topics: string[]
  data: string
}

/** What a transfer event says: ids and values as 64 hex digits. */
export interface MoveWords {
  operator: Account
  from: Account
  to: Account
  ids: string[]
  values: string[]
}

export function transferSingle({ operator, from, to, ids, values }: MoveWords): EventData {
  return { topics: [TRANSFER_SINGLE, operator.topic, from.topic, to.topic], data: `0x${ids[0]}${values[0]}` }
}

export function transferBatch({ operator, from, to, ids, values }: MoveWords): EventData {
  const count = wordOf(ids.length)
  return {
    topics: [TRANSFER_BATCH, operator.topic, from.topic, to.topic],
    data: `0x${wordOf(64)}${wordOf(96 + 32 * ids.length)}${count}${ids.join('')}${count}${values.join('')}`,
  }
}

/** An event of the same contract that moves nothing: what a range of logs is full of besides transfers. */
export function otherEvent({ holders, ids }: Tokens, random: Random): EventData {
  const id = ids[random.below(ids.length)]!.topic
  const holder = holders[random.below(holders.length)]!.topic
  const amounts = `0x${wordOf(1 + random.below(1_000_000))}${wordOf(1_000_000 * (1 + random.below(1_000_000_000)))}`
  const roll = random.share()
  if (roll < 0.2) return { topics: [URI, id], data: textData(`ipfs://bafybei${random.hash().slice(2, 54)}/metadata.json`) }
  if (roll < 0.25) return { topics: [PROJECT_CREATED, id, holder], data: amounts }
  if (roll < 0.65) return { topics: [INVESTMENT_MINTED, id, holder], data: amounts }
  if (roll < 0.9) return { topics: [RETURNS_DISTRIBUTED, id], data: amounts }
  return { topics: [PROJECT_EXITED, id], data: amounts.slice(0, 66) }
}

const URI = selectorOf('URI(string,uint256)')
const PROJECT_CREATED = selectorOf('ProjectCreated(uint256,address,uint256,uint64)')
const INVESTMENT_MINTED = selectorOf('InvestmentMinted(uint256,address,uint256,uint256)')
const RETURNS_DISTRIBUTED = selectorOf('ReturnsDistributed(uint256,uint256,uint256)')
const PROJECT_EXITED = selectorOf('ProjectExited(uint256,uint256)')

function selectorOf(signature: string): string {
  return toEventSelector(`event ${signature}`)
}

function textData(text: string): string {
  const bytes = Buffer.from(text)
  return `0x${wordOf(32)}${wordOf(bytes.length)}${bytes.toString('hex').padEnd(Math.ceil(bytes.length / 32) * 64, '0')}`
}
