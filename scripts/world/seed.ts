import { INVESTMENTS } from './investments.ts'
import { INVESTORS } from './investors.ts'
import { ISSUERS } from './issuers.ts'
import { PROJECTS } from './projects.ts'
import { seedDistribution } from './seed-distribution.ts'
import { seedCoin, seedInvestments, seedInvestors } from './seed-investors.ts'
import { seedChain, seedProjects } from './seed-issuers.ts'
import type { World } from './world.ts'

export interface SeedSummary {
  issuers: number
  projects: number
  investors: number
  investments: number
  distributions: number
}

/** The chain the local world may be put on: its keys are known to everybody. */
const LOCAL_CHAIN = 31_337

/**
 * Fills a running platform with a small world, through the same doors as everybody else: the public api, the vendors' pages, the
 * operator's commands. Everything is named, so a run that was cut off is gone on with, and a second one changes nothing.
 * @throws Error on any chain but the local one
 */
export async function seedWorld(world: World): Promise<SeedSummary> {
  if (world.sender.chainId !== LOCAL_CHAIN)
    throw new Error(`The local world belongs on chain ${LOCAL_CHAIN} only: the keys of its people are no secret`)
  const { progress } = world
  const projectIds = await seedProjects(world)
  await seedChain(world, projectIds.values())
  progress.step(`${PROJECTS.length} projects of ${ISSUERS.length} issuers are listed`)
  const investors = await seedInvestors(world)
  await seedCoin(world)
  progress.step(`${INVESTORS.length} investors are verified and registered`)
  await seedInvestments(world, investors, projectIds)
  progress.step(`${INVESTMENTS.length} investments are paid and minted`)
  await seedDistribution(world, investors, projectIds)
  progress.step('One distribution is paid out, half of it claimed')
  return {
    issuers: ISSUERS.length,
    projects: PROJECTS.length,
    investors: INVESTORS.length,
    investments: INVESTMENTS.length,
    distributions: 1,
  }
}
