import { type Job, type Outcome, tryMutant } from './job.ts'
import type { Mutant } from './mutants.ts'

export interface Tried {
  mutant: Mutant
  outcome: Outcome
}

/** What is known of the tests: seconds that each file takes, best guesses first for a mutant's file. */
export interface TestOrder {
  filesFor(mutant: Mutant): string[]
  remember(mutant: Mutant, testFile: string): void
}

/**
 * Tries mutants in their order until `count` of them were real ones, one after the other in each job.
 * Which ones those are doesn't depend on how many jobs there are or how quick each is.
 */
export async function runMutants(
  ordered: Mutant[],
  count: number,
  jobs: Job[],
  order: TestOrder,
  tell: (tried: Tried) => void,
): Promise<Tried[]> {
  const all: Tried[] = []
  const queue = ordered[Symbol.iterator]()
  let open = count
  await Promise.all(
    jobs.map(async (job) => {
      while (open > 0) {
        const { value: mutant, done } = queue.next()
        if (done) break
        open--
        const outcome = await tryMutant(job, mutant, order.filesFor(mutant))
        if (outcome.state === 'invalid') open++
        if (outcome.by?.file) order.remember(mutant, outcome.by.file)
        all.push({ mutant, outcome })
        tell({ mutant, outcome })
      }
    }),
  )
  return all
}

/** Tests that killed in the same file come first, then those named like it, then the quick ones. */
export function orderTests(secondsByFile: Map<string, number>): TestOrder {
  const kills = new Map<string, number>()
  const killsOf = (mutant: Mutant, test: string) => kills.get(`${mutant.file} ${test}`) ?? 0
  return {
    filesFor(mutant) {
      const word = mutant.file.split('/').at(-1)!.replace('.sol', '').replace('TerraLumina', '').toLowerCase().slice(0, 5)
      const isNamed = (test: string) => Number(test.split('/').at(-1)!.replaceAll('-', '').includes(word))
      const rank = (test: string) => [-killsOf(mutant, test), -isNamed(test), secondsByFile.get(test)!]
      return [...secondsByFile.keys()].sort((one, other) => {
        const [mine, theirs] = [rank(one), rank(other)]
        return mine[0]! - theirs[0]! || mine[1]! - theirs[1]! || mine[2]! - theirs[2]!
      })
    },
    remember(mutant, test) {
      kills.set(`${mutant.file} ${test}`, killsOf(mutant, test) + 1)
    },
  }
}
