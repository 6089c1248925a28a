import {
  type Abi,
  type AbiEvent,
  type AbiParameter,
  type ContractEventName,
  decodeAbiParameters,
  type GetEventArgs,
  type Hex,
  toEventSelector,
} from 'viem'
import type { MinedLog } from '../source.ts'
import type { Fact } from './facts.ts'
import { unexpected } from './values.ts'

/** Stands for the rows of an event that is left out on purpose; the reason stands beside it. */
export const NOT_MIRRORED = 'not mirrored'

type Args<T extends Abi, Name extends ContractEventName<T>> = GetEventArgs<
  T,
  Name,
  { EnableUnion: false; IndexedOnly: false; Required: true }
>

/** What each event of a contract becomes. An event of the ABI that is missing here doesn't compile. */
export type Readers<T extends Abi> = {
  [Name in ContractEventName<T>]: typeof NOT_MIRRORED | ((args: Args<T, Name>, address: Hex) => Fact | Fact[])
}

/** Reads one contract's logs. */
export interface Reader {
  /** @throws Stop UNEXPECTED_EVENT for what the ABI doesn't know, and for what only pretends to be known */
  factsOf(log: MinedLog): Fact[]
  /** True when its ABI has an event with this topic. */
  knows(topic: Hex | undefined): boolean
  /** First topics of its events. */
  topics: readonly Hex[]
}

export function openReader<const T extends Abi>(abi: T, readers: Readers<T>): Reader {
  const events = new Map<Hex, Layout>()
  for (const item of abi) if (item.type === 'event') events.set(toEventSelector(item), layoutOf(item))
  return {
    topics: [...events.keys()],
    knows: (topic) => topic !== undefined && events.has(topic),
    factsOf(log) {
      const event = log.topics[0] === undefined ? undefined : events.get(log.topics[0])
      if (event === undefined) return unexpected(`an event of ${log.address} with topic ${log.topics[0] ?? 'none'} that it doesn't know`)
      const read = readers[event.name as keyof Readers<T>] as typeof NOT_MIRRORED | ((args: unknown, address: Hex) => Fact | Fact[])
      if (read === NOT_MIRRORED) return []
      return [read(argsOf(event, log), log.address)].flat()
    },
  }
}

/** Where an event's arguments are: in topics, or in its data. */
interface Layout {
  name: string
  indexed: readonly AbiParameter[]
  rest: readonly AbiParameter[]
}

function layoutOf({ name, inputs }: AbiEvent): Layout {
  return { name, indexed: inputs.filter(({ indexed }) => indexed), rest: inputs.filter(({ indexed }) => !indexed) }
}

/** As viem's decodeEventLog, which works out the event's hash and every address' checksum anew for each log: half of the time that many logs take. */
function argsOf({ name, indexed, rest }: Layout, log: MinedLog): unknown {
  const args: Record<string, unknown> = {}
  try {
    if (log.topics.length !== indexed.length + 1) throw new RangeError('Topics are missing')
    indexed.forEach((input, at) => {
      args[input.name!] = topicValue(input, log.topics[at + 1]!)
    })
    const text = rest.length === 1 && rest[0]!.type === 'string' ? onlyText(log.data) : undefined
    const values = text === undefined ? (decodeAbiParameters(rest, log.data) as readonly unknown[]) : [text]
    rest.forEach((input, at) => {
      args[input.name!] = values[at]
    })
    return args
  } catch {
    return unexpected(`${name} of ${log.address} with data that does not fit it`)
  }
}

/** Of what doesn't fit into a topic there is only a hash. */
function topicValue(input: AbiParameter, topic: Hex): unknown {
  if (input.type === 'address') return `0x${topic.slice(26)}`
  if (input.type === 'uint256' && /^0x[0-9a-f]{64}$/.test(topic)) return BigInt(topic)
  return /^(string|bytes|tuple)$|\]$/.test(input.type) ? topic : decodeAbiParameters([input], topic)[0]
}

/**
 * A string that is all of an event's data, in the only layout a compiler writes; undefined for any other, which the general way has to judge.
 * Of anybody's contract most events beside transfers are such, and the general way takes ten times as long.
 */
function onlyText(data: Hex): string | undefined {
  const bytes = Buffer.from(data.slice(2), 'hex')
  if (bytes.length * 2 + 2 !== data.length || bytes.length < 96 || bytes.length % 32 !== 0) return undefined
  const length = numberAt(bytes, 32)
  // viem leaves out zeros at the start.
  if (numberAt(bytes, 0) !== 32 || length === 0 || bytes.length !== 64 + Math.ceil(length / 32) * 32 || bytes[64] === 0) return undefined
  return decoder.decode(bytes.subarray(64, 64 + length))
}

const decoder = new TextDecoder()

/** A word below 2^32, or -1. */
function numberAt(bytes: Buffer, at: number): number {
  for (let byte = at; byte < at + 28; byte++) if (bytes[byte] !== 0) return -1
  return bytes.readUInt32BE(at + 28)
}
