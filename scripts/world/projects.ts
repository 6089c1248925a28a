import { AFRICAN_PROJECTS } from './projects-africa.ts'
import { AMERICAN_PROJECTS } from './projects-americas.ts'
import { EURASIAN_PROJECTS } from './projects-eurasia.ts'
import type { SeedProject } from './types.ts'

/** The twelve projects of the local world, in the order in which they get their numbers. */
export const PROJECTS: SeedProject[] = [...AFRICAN_PROJECTS, ...AMERICAN_PROJECTS, ...EURASIAN_PROJECTS]
