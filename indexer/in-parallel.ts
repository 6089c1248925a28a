const CALLS_AT_ONCE = 16

/** Works through items with so many at a time; the first failure ends it. */
export async function inParallel<T>(
  items: Iterable<T> | AsyncIterable<T>,
  work: (item: T) => Promise<void>,
  atOnce = CALLS_AT_ONCE,
): Promise<void> {
  const queue = Symbol.asyncIterator in items ? items[Symbol.asyncIterator]() : items[Symbol.iterator]()
  let hasFailed = false
  const worker = async () => {
    try {
      for (let next = await queue.next(); next.done !== true && !hasFailed; next = await queue.next()) await work(next.value)
    } catch (error) {
      hasFailed = true
      throw error
    }
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
}
