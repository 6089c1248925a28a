import { INVESTORS } from './investors.ts'
import { PROJECTS } from './projects.ts'

/** An investment of the local world: who, in what, how many units. */
export interface SeedInvestment {
  key: string
  investor: string
  project: string
  units: bigint
}

/** Money that one investor puts in at one time, in cents; the price decides how many whole units that makes. */
const AMOUNTS_CENTS = [25_000n, 50_000n, 100_000n, 20_000n, 150_000n, 75_000n, 30_000n]

/** One investor in five waits and buys nothing, one in two buys twice. */
const isOnlooker = (index: number) => index % 8 === 7
const buysTwice = (index: number) => index % 4 !== 3

/** The sixty investments of the local world. The walk through the projects is fixed, so that every start makes the same world. */
export const INVESTMENTS: SeedInvestment[] = INVESTORS.flatMap((investor, index) => {
  if (isOnlooker(index)) return []
  const picks = buysTwice(index) ? [index % PROJECTS.length, (index * 5 + 3) % PROJECTS.length] : [(index * 7 + 1) % PROJECTS.length]
  return [...new Set(picks)].map((pick, turn) => {
    const project = PROJECTS[pick]!
    const amountCents = AMOUNTS_CENTS[(index + turn * 3) % AMOUNTS_CENTS.length]!
    return {
      key: `${investor.key}:${project.key}`,
      investor: investor.key,
      project: project.key,
      units: amountCents / project.unitPriceCents,
    }
  })
})
