/** Something the person who started the stack can put right: one sentence that says what and how. */
export class LocalError extends Error {
  constructor(sentence: string, options: { cause?: unknown } = {}) {
    super(sentence, options)
    this.name = 'LocalError'
  }
}
