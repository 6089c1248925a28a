import type { Hex } from 'viem'

/** One step of the demo, as printed and as told in JSON. */
export interface StepRecord {
  step: string
  ok: boolean
  ms: number
  txHash: Hex | null
  /** What was seen, or why it failed. */
  note: string
}

/** What a step saw. */
export interface Seen {
  note: string
  txHash?: Hex | undefined
}

export interface Recorder {
  /** Runs a step, records it and passes on its result; the first that fails ends the demo. */
  step<T extends Seen>(title: string, work: () => Promise<T>): Promise<T>
  records: StepRecord[]
}

/** Records steps and hands each to `print` as it ends. */
export function openRecorder(print: (record: StepRecord, index: number) => void, now: () => number = () => performance.now()): Recorder {
  const records: StepRecord[] = []
  return {
    records,
    async step(title, work) {
      const startedAt = now()
      const record = (ok: boolean, { note, txHash }: Seen) => {
        records.push({ step: title, ok, ms: Math.round(now() - startedAt), txHash: txHash ?? null, note })
        print(records.at(-1)!, records.length)
      }
      try {
        const seen = await work()
        record(true, seen)
        return seen
      } catch (error) {
        record(false, { note: error instanceof Error ? error.message.split('\n')[0]! : String(error) })
        throw error
      }
    },
  }
}

/** A row for people: number, title, time, what was seen, and the transaction on a line of its own. */
export function formatRow({ step, ok, ms, txHash, note }: StepRecord, index: number): string {
  const row = `${ok ? '✔' : '✘'} ${String(index).padStart(2)}  ${step.padEnd(47)} ${(ms / 1000).toFixed(1).padStart(5)} s  ${note}`
  return txHash === null ? row : `${row}\n${' '.repeat(60)}${txHash}`
}

/** @throws Error naming what was expected and what was there */
export function expectSame(what: string, seen: unknown, expected: unknown): void {
  if (String(seen) !== String(expected)) throw new Error(`${what}: expected ${String(expected)}, found ${String(seen)}`)
}
