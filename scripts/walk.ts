import { buildContracts } from './local/build.ts'
import { runContractTests } from './testing/contract-tests.ts'

/** `npm run walk:contracts`: more than 100,000 steps of the random walks, for a night; `-- 20 500` makes it 20 seeds, 500 steps each. */
const [seeds = 160, steps = 650] = process.argv.slice(2).map(Number)
const list = Array.from({ length: seeds }, (_, index) => index + 1)
Object.assign(process.env, { SEEDS: list.join(','), STEPS: String(steps) })
await buildContracts()
const { failed } = await runContractTests(['contracts/test/walk.test.ts', 'contracts/test/sale-walk.test.ts'])
process.exitCode = failed > 0 ? 1 : 0
