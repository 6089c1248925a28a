import { printSteps } from './local/steps.ts'
import { runChecks } from './testing/checks.ts'

/** `npm run check`: lint, types, generated files. */
const { failed } = await runChecks(printSteps(process.stderr))
process.exitCode = failed > 0 ? 1 : 0
