import { buildContracts } from '../local/build.ts'
import type { Steps } from '../local/steps.ts'
import { type Ran, runNode } from './program.ts'

/** Lint, types and generated files. Prints what is wrong and answers how many of the checks failed and held. */
export async function runChecks(steps: Steps): Promise<{ passed: number; failed: number }> {
  const result = { passed: 0, failed: 0 }
  const check = async (title: string, work: () => Promise<Ran>) => {
    const { code, output } = await steps.run(title, work, ({ code }) => code !== 0)
    if (code === 0) result.passed++
    else {
      result.failed++
      console.log(output.trimEnd())
    }
  }
  await steps.run('Contracts compiled', async (note) => note((await buildContracts()) ? '' : 'unchanged'))
  await check('Lint', () => runNode('node_modules/@biomejs/biome/bin/biome', ['check', '.']))
  await check('Types', () => runNode('node_modules/typescript/bin/tsc', ['-p', '.']))
  await check('Types of the web app', () => runNode('node_modules/typescript/bin/tsc', ['-p', 'web']))
  await check('Generated files', () => runNode('scripts/gen.ts', ['--check']))
  return result
}
