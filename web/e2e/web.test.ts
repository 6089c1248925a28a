import { after, before, describe } from 'node:test'
import { testAccessibility } from './accessibility.ts'
import { launchBrowser } from './browser.ts'
import { testBrowsing } from './browsing.ts'
import { testInvesting } from './investing.ts'
import { testIssuer } from './issuer.ts'

import { testMailedLinks } from './mailed-links.ts'

import { testPrivacy } from './privacy.ts'
import { testQualifying } from './qualifying.ts'
import { testRestart } from './restart.ts'
import { testReturns } from './returns.ts'
import type { Scene } from './scene.ts'
import { testSecurity } from './security.ts'
import { openWorld } from './stack.ts'

describe('the web app on the running platform', { concurrency: false, timeout: 900_000 }, () => {
  const scene = {} as Scene
  before(async () => {
    scene.world = await openWorld()
    scene.browser = await launchBrowser()
  })
  after(async () => {
    await scene.browser?.close()
    await scene.world?.stop()
  })
  testBrowsing(scene)
  testInvesting(scene)
  testReturns(scene)
  testSecurity(scene)
  testMailedLinks(scene)
  testIssuer(scene)
  testPrivacy(scene)
  testQualifying(scene)
  testRestart(scene)
  testAccessibility(scene)
})
