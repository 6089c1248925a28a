import { Presets, SingleBar } from 'cli-progress'

/** What a long piece of work tells whoever started it. */
export interface Progress {
  /** A finished step, as a past-tense sentence. */
  step(text: string): void
  /** How far a counted piece of work is. */
  advance(done: number, total: number, label: string): void
}

/** Tells nobody. */
export const silent: Progress = { step: () => {}, advance: () => {} }

/** A bar appears only when the work takes longer than this. */
const QUIET_MS = 2_000
const LINE_EVERY_MS = 5_000

/** Progress for people, on standard error: a bar on a terminal, now and then a line elsewhere. `stop` clears the bar. */
export function openProgress(stream: NodeJS.WriteStream, options: { steps: boolean }): Progress & { stop(): void } {
  let bar: SingleBar | undefined
  let label = ''
  let startedAt = Date.now()
  let lastLineAt = Date.now()

  function stop() {
    bar?.stop()
    bar = undefined
  }

  function show(done: number, total: number) {
    if (Date.now() - startedAt < QUIET_MS) return
    if (!stream.isTTY) {
      if (Date.now() - lastLineAt < LINE_EVERY_MS && done < total) return
      lastLineAt = Date.now()
      stream.write(`${label} ${done}/${total}\n`)
      return
    }
    if (!bar) {
      bar = new SingleBar(
        { stream, format: `${label} {bar} {value}/{total} {duration_formatted}`, clearOnComplete: true, hideCursor: true },
        Presets.shades_classic,
      )
      bar.start(total, done)
    }
    bar.setTotal(total)
    bar.update(done)
  }

  return {
    stop,
    step(text) {
      stop()
      if (options.steps) stream.write(`${text}\n`)
    },
    advance(done, total, next) {
      if (next !== label) {
        stop()
        label = next
        startedAt = Date.now()
        lastLineAt = startedAt
      }
      show(done, total)
    },
  }
}
