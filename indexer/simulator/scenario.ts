import { parseArgs } from 'node:util'
import { playScenario, SCENARIOS, type ScenarioName } from './scenarios.ts'

const HELP = `Plays one scenario of the simulator against the indexer beside it and prints what came of it as JSON.

  node indexer/simulator/scenario.ts <name> [--seed N] [--rounds N] [--fault "words of a fault's name"]

  ${Object.keys(SCENARIOS).join(', ')}

TEST_DATABASE_URL names the Postgres server. Exit codes: 0 all as it has to be, 10 not so, 1 could not be played.
`

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { seed: { type: 'string' }, rounds: { type: 'string' }, fault: { type: 'string' }, help: { type: 'boolean' } },
})
if (values.help || positionals[0] === undefined || !(positionals[0] in SCENARIOS)) {
  process.stdout.write(HELP)
  process.exitCode = values.help ? 0 : 1
} else {
  const options = {
    seed: Number(values.seed ?? process.env.SEED ?? 1),
    ...(values.rounds === undefined ? {} : { rounds: Number(values.rounds) }),
    ...(values.fault === undefined ? {} : { fault: values.fault }),
  }
  try {
    process.stdout.write(`${JSON.stringify(await playScenario(positionals[0] as ScenarioName, options))}\n`)
  } catch (error) {
    process.stderr.write(`SEED=${options.seed}: ${(error as Error).stack}\n`)
    process.exitCode = 10
  }
}
