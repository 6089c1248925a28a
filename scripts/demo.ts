import { parseArgs } from 'node:util'
import { openStack } from './demo/open-stack.ts'
import { openPlatform } from './demo/platform.ts'
import { formatRow, openRecorder } from './demo/recorder.ts'
import { runDemo } from './demo/run-demo.ts'
import { printSteps, quietSteps } from './local/steps.ts'
import { asCliError, toJson } from './terra/command.ts'

const HELP = `Does the platform's main job once, from the listing of a project to its hand-over to the community DAO, and checks every step.

  npm run demo [-- --json]

Uses the local stack that npm start keeps up; without one it brings up a fresh stack of its own and takes it away again.
Exit code 0 only if every check held.

  --json   print one JSON object and nothing else on standard output
  --help   this text
`

const { values } = parseArgs({ options: { json: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } } })
if (values.help) process.stdout.write(HELP)
else process.exit(await demonstrate(values.json))

async function demonstrate(isJson: boolean): Promise<number> {
  const startedAt = performance.now()
  const say = (text: string) => (isJson ? process.stderr : process.stdout).write(`${text}\n`)
  const recorder = openRecorder((record, index) => say(formatRow(record, index)))
  const closers: (() => Promise<void>)[] = []
  let closing: Promise<void> | undefined
  const close = () => {
    closing ??= (async () => {
      for (const work of closers.splice(0).reverse()) await work()
    })()
    return closing
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void close().then(() => process.exit(130)))
  let failure: string | undefined
  try {
    const opening = openStack(isJson ? quietSteps : printSteps(process.stderr))
    // Before it is up: an interrupted start is waited for and taken away too.
    closers.push(async () => (await opening.catch(() => undefined))?.close())
    const stack = await opening
    say(`${stack.isOwn ? 'A fresh stack' : 'The running stack'} at ${stack.local.webUrl}\n`)
    const platform = await openPlatform(stack.local)
    closers.push(platform.close)
    await runDemo(platform, recorder, newRun())
  } catch (error) {
    failure = asCliError(error).message
  } finally {
    await close()
  }
  const ms = Math.round(performance.now() - startedAt)
  if (isJson)
    process.stdout.write(
      `${toJson({ ok: failure === undefined, ms, steps: recorder.records, ...(failure === undefined ? {} : { error: failure }) })}\n`,
    )
  else if (failure === undefined) say(`\nAll ${recorder.records.length} steps held, in ${(ms / 1000).toFixed(1)} s.`)
  else process.stderr.write(`\nThe demo failed: ${failure}\n`)
  return failure === undefined ? 0 : 1
}

/** Tells this run's people and project from those of earlier runs on the same stack. */
function newRun(): string {
  return Date.now().toString(36)
}
