import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Facts } from './ask.ts'
import type { Rule } from './decide.ts'

export type DatedRule = Rule & { effectiveTo: Date | null }

/** The rows that the migrations bring, read from their text: what is tested is what will be in force. */
export async function readSeededRules(): Promise<DatedRule[]> {
  const folder = join(import.meta.dirname, '..', 'sql')
  const files = (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort()
  const sql = (await Promise.all(files.map((name) => readFile(join(folder, name), 'utf8')))).join('\n')
  const text = "'((?:[^']|'')*)'"
  const row = new RegExp(`\\('([A-Z0-9_]+)', '([^']+Z)',(?: (?:'([^']+Z)'|null),)?\\s*${text},\\s*${text}`, 'g')
  // A row that a later migration follows is ended there.
  const ended = [...sql.matchAll(/update app\.rule set effective_to = '([^']+)' where code = '(\w+)' and effective_to is null;/g)]
  const endOf = (code: string, from: string, to: string | undefined): Date | null => {
    const end = to ?? ended.find(([, at, ended]) => ended === code && at! > from)?.[1]
    return end === undefined ? null : new Date(end)
  }
  return [...sql.matchAll(row)].map(([, code, from, to, value, citation]) => ({
    code: code!,
    effectiveFrom: new Date(from!),
    effectiveTo: endOf(code!, from!, to),
    value: JSON.parse(value!),
    citation: citation!.replaceAll("''", "'"),
  }))
}

export function inForce(rules: readonly DatedRule[], at: Date): DatedRule[] {
  return rules.filter(({ effectiveFrom, effectiveTo }) => effectiveFrom <= at && (effectiveTo === null || effectiveTo > at))
}

/** An order of one cent that every rule of the platform allows. */
export const ALLOWED: Facts = {
  kycApproved: true,
  country: 'US',
  wallet: '0x1',
  walletRegistered: true,
  investorClass: 0,
  finances: null,
  project: {
    state: 'active',
    unitPriceCents: 1n,
    minInvestmentCents: 1n,
    unitsRemaining: 10n ** 12n,
    exemption: null,
    ownCents: 0n,
    issuerCents: 0n,
  },
  regCfCommitments: [],
  amountCents: 1n,
}
