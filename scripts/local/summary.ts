import { privateKeyToAccount } from 'viem/accounts'
import { INVESTORS } from '../world/investors.ts'
import { ISSUERS } from '../world/issuers.ts'
import { SEED_PASSWORD, seedKey } from '../world/wallets.ts'
import type { LocalFile } from './local-file.ts'

export interface Summary {
  web: string
  apiDocs: string
  rpc: string
  chainId: number
  inbox: string
  database: { admin: string; analyst: string }
  accounts: { role: 'issuer' | 'investor'; email: string; password: string; wallet?: string; privateKey?: string }[]
  dataFolder: string
  logFolder: string
}

/** Where everything is and who may sign in. `isSeeded` says whether the seeded people exist. */
export function summaryOf(local: LocalFile, dataFolder: string, chainId: number, isSeeded: boolean): Summary {
  const issuers = ISSUERS.map(({ email }) => ({ role: 'issuer' as const, email, password: SEED_PASSWORD }))
  const investors = INVESTORS.map(({ key, email }) => {
    const privateKey = seedKey(key)
    return { role: 'investor' as const, email, password: SEED_PASSWORD, wallet: privateKeyToAccount(privateKey).address, privateKey }
  })
  return {
    web: local.webUrl,
    apiDocs: `${local.webUrl}/docs`,
    rpc: local.rpcUrl,
    chainId,
    inbox: `${local.sandboxUrl}/inbox`,
    database: { admin: local.adminDatabaseUrl, analyst: local.analystDatabaseUrl },
    accounts: isSeeded ? [...issuers, ...investors] : [],
    dataFolder,
    logFolder: local.logFolder,
  }
}

/** How many investors the table shows; `--json` lists all. */
const SHOWN_INVESTORS = 3

/** The summary as a table for people. */
export function tableOf(summary: Summary): string {
  const shown = [
    ...summary.accounts.filter(({ role }) => role === 'issuer'),
    ...summary.accounts.filter(({ role }) => role === 'investor').slice(0, SHOWN_INVESTORS),
  ]
  const rows: [string, string][] = [
    ['Web app', summary.web],
    ['API docs', summary.apiDocs],
    ['Chain (RPC)', `${summary.rpc}  chain id ${summary.chainId}`],
    ['Mail, test vendors', summary.inbox],
    ['Database', summary.database.admin],
    ['  read only', summary.database.analyst],
    ...shown.flatMap(({ role, email, privateKey }): [string, string][] => [
      [`Sign in: ${role}`, email],
      ...(privateKey === undefined ? [] : ([['  wallet key', privateKey]] as [string, string][])),
    ]),
    ...(shown.length === 0 ? [] : ([['Password of all', shown[0]!.password]] as [string, string][])),
    ['Data', summary.dataFolder],
    ['Logs', summary.logFolder],
  ]
  const width = Math.max(...rows.map(([name]) => name.length))
  const wide = Math.max(...rows.map(([, value]) => value.length))
  const line = '─'.repeat(width + wide + 3)
  const more = summary.accounts.length - shown.length
  return [
    line,
    ...rows.map(([name, value]) => ` ${name.padEnd(width)}  ${value}`),
    line,
    ` These passwords and keys are for this machine only: they are worthless anywhere else.`,
    ...(more > 0 ? [` ${more} more people: npm start -- --json lists all.`] : []),
    ` Ctrl-C stops everything; npm start goes on from here; npm run reset forgets it.`,
  ].join('\n')
}
