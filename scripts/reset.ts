import { rm, stat } from 'node:fs/promises'
import { createInterface } from 'node:readline/promises'
import { parseArgs } from 'node:util'
import { defaultFolder } from './local/local-file.ts'
import { endOrphans } from './local/orphans.ts'
import { keeperOf, orphansOf, runningError } from './local/registry.ts'

const HELP = `npm run reset: forgets the local stack: its database, chain, documents, mails, keys.

  npm run reset -- --yes   without asking`

async function main(): Promise<number> {
  const { values } = parseArgs({ options: { yes: { type: 'boolean' }, help: { type: 'boolean' } } })
  if (values.help) {
    console.log(HELP)
    return 0
  }
  const folder = defaultFolder()
  if (!(await stat(folder).catch(() => undefined))) {
    console.log(`There is nothing to forget: ${folder} does not exist.`)
    return 0
  }
  const keeper = keeperOf(folder)
  if (keeper !== undefined) {
    console.error(`error: ${runningError(folder, keeper).message}`)
    return 1
  }
  if (!values.yes && !(await confirm(folder))) {
    console.log('Nothing was changed.')
    return 1
  }
  await endOrphans(orphansOf(folder), async () => {})
  await rm(folder, { recursive: true })
  console.log(`${folder} is gone; npm start begins anew.`)
  return 0
}

async function confirm(folder: string): Promise<boolean> {
  if (!process.stdin.isTTY) {
    console.error('error: nobody is at a terminal to confirm this: use npm run reset -- --yes.')
    return false
  }
  const terminal = createInterface({ input: process.stdin, output: process.stderr })
  const answer = await terminal.question(`Delete everything in ${folder}? Type yes: `)
  terminal.close()
  return answer.trim().toLowerCase() === 'yes'
}

process.exitCode = await main()
