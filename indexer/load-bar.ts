import { Presets, SingleBar } from 'cli-progress'
import type { Progress } from './backfill/backfill.ts'

/** Shows a long load to a person, with its rate and the time left. */
export interface LoadBar {
  show(progress: Progress & { perSecond: number; secondsLeft: number }): void
  stop(): void
}

/** A bar on a terminal; none elsewhere, where lines of the log say the same. */
export function openLoadBar(stream: NodeJS.WriteStream): LoadBar | undefined {
  if (!stream.isTTY) return undefined
  let bar: SingleBar | undefined
  return {
    show({ phase, from, at, to, rows, perSecond, secondsLeft }) {
      const left = phase === 'reading' ? `${secondsLeft} s left` : phase
      const payload = { rows: rows.toLocaleString('en'), perSecond: perSecond.toLocaleString('en'), left }
      const [value, total] = [Number(at - from) + 1, Number(to - from) + 1]
      if (bar === undefined) {
        const format = 'Old blocks {bar} {percentage} %  {rows} transfers  {perSecond}/s  {left}'
        bar = new SingleBar({ stream, format, barsize: 24, clearOnComplete: true, hideCursor: true }, Presets.shades_classic)
        bar.start(total, value, payload)
      } else bar.update(value, payload)
    },
    stop() {
      bar?.stop()
      bar = undefined
    },
  }
}
