export interface Steps {
  /** Runs one step and prints it with its time. What `work` gets lets it say more about itself; `isBad` tells a result that failed. */
  run<T>(title: string, work: (note: (text: string) => void) => Promise<T>, isBad?: (result: T) => boolean): Promise<T>
  /** A line of its own. */
  say(text: string): void
  /** A line for what went wrong but was dealt with. */
  warn(text: string): void
}

/** Steps for people: a running clock on a terminal, one line per finished step anywhere. */
export function printSteps(stream: NodeJS.WriteStream): Steps {
  let current: { title: string; startedAt: number } | undefined

  const seconds = (startedAt: number) => `${((Date.now() - startedAt) / 1000).toFixed(1)} s`
  const clear = () => stream.isTTY && stream.write('\r\x1b[2K')
  const line = (text: string) => {
    clear()
    stream.write(`${text}\n`)
  }
  return {
    say: line,
    warn: (text) => line(`! ${text}`),
    async run(title, work, isBad = () => false) {
      const startedAt = Date.now()
      let noted = ''
      current = { title, startedAt }
      const timer = setInterval(() => {
        if (stream.isTTY && current?.title === title) stream.write(`\r\x1b[2K… ${title} ${seconds(startedAt)}`)
      }, 250)
      try {
        const result = await work((text) => {
          noted = text === '' ? '' : ` (${text})`
        })
        line(`${isBad(result) ? '✘' : '✔'} ${title}${noted}  ${seconds(startedAt)}`)
        return result
      } catch (error) {
        line(`✘ ${title}  ${seconds(startedAt)}`)
        throw error
      } finally {
        clearInterval(timer)
        current = undefined
      }
    },
  }
}

/** Tells nobody. */
export const quietSteps: Steps = { run: (_title, work) => work(() => {}), say: () => {}, warn: () => {} }
