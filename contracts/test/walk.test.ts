import { expect } from 'chai'
import { networkHelpers } from './fixture.ts'
import { checkRebuilt } from './rebuild-check.ts'
import { checkAll, everybody } from './walk/checks.ts'
import { setScene } from './walk/scene.ts'
import { CALLS, takeWalk } from './walk/walk.ts'

/**
 * Random walks of ledger, vault and registrar against an independent model. Seeds that once failed stay in the list.
 * `npm run walk:contracts` takes more of them.
 */
const SEEDS = (process.env.SEEDS ?? '1,2,3,4,5,6,7,8,74').split(',').map(Number)
const STEPS = Number(process.env.STEPS ?? 650)
const CHECK_EVERY = 100

describe('Random walks', () => {
  const done = new Map<string, number>()
  for (const seed of SEEDS) {
    it(`agree with an independent model (seed ${seed}, ${STEPS} steps)`, async function () {
      this.timeout(600_000)
      const scene = await networkHelpers.loadFixture(setScene)
      const walk = await takeWalk(scene, seed, STEPS, CHECK_EVERY)
      await checkAll(walk, `seed ${seed}, at the end`)
      await checkRebuilt(scene, everybody(walk))
      for (const [name, count] of walk.done) done.set(name, (done.get(name) ?? 0) + count)
    })
  }

  // A short walk, asked for by hand, needn't come everywhere.
  if (SEEDS.length * STEPS >= 5_000) {
    it('made every kind of call go through', () => {
      const idle = CALLS.filter((name) => !done.has(name))
      expect(idle, JSON.stringify([...done])).to.deep.equal([])
    })
  }
})
