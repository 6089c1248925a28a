import type { Browser } from 'playwright-core'
import type { World } from './stack.ts'

/** What the suites share: one platform and one browser for the whole run. */
export type Scene = { world: World; browser: Browser }
