import { glob, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { expect } from 'chai'
import {
  ADMIN_CALLS,
  callsOf,
  delayOf,
  LEDGER_ROLES,
  OPERATOR_ROLES,
  type OperatorRole,
  PARTIES,
  selectorsOf,
  TARGETS,
  type Target,
} from './access.ts'

const contracts = join(import.meta.dirname, '..', '..', 'contracts')
const roles = Object.values(OPERATOR_ROLES) as OperatorRole[]
const named = [...roles, { calls: ADMIN_CALLS }]
  .flatMap(({ calls }) => callsOf(calls))
  .flatMap(({ target, names }) => names.map((name) => ({ target, name })))

test('every function that the access manager guards is somebody’s, and only one’s', async () => {
  const guarded: string[] = []
  for await (const file of glob('**/*.sol', { cwd: contracts })) {
    if (file.startsWith('test/')) continue
    const source = await readFile(join(contracts, file), 'utf8')
    for (const [, name] of source.matchAll(/function (\w+)\([^{;]*?\b(?:restricted|authorised)\b/g)) guarded.push(name!)
  }
  expect(named.map(({ name }) => name)).to.have.members(guarded)
})

test('every function that is named exists, once', () => {
  for (const { target, name } of named) expect(selectorsOf(target, [name])).to.have.length(1)
  expect(() => selectorsOf('vault' as Target, ['noSuch'])).to.throw('vault has 0 functions noSuch')
})

test('no two roles share a number or a label, and none has the administrator’s', () => {
  expect(new Set([0n, ...roles.map(({ id }) => id)])).to.have.property('size', roles.length + 1)
  expect(new Set(roles.map(({ label }) => label))).to.have.property('size', roles.length)
})

test('the numbers of the ledger’s roles are those of its interface', async () => {
  const source = await readFile(join(contracts, 'ledger', 'ILedgerTypes.sol'), 'utf8')
  const members = /enum Role \{([^}]*)\}/
    .exec(source)![1]!
    .replace(/\/\/.*$/gm, '')
    .split(',')
    .map((member) => member.trim())
  expect(members).to.deep.equal(['None', ...Object.keys(LEDGER_ROLES)])
  expect(Object.values(LEDGER_ROLES)).to.deep.equal(members.slice(1).map((_, index) => index + 1))
})

test('what takes units waits, what stops does not, and nothing waits longer than the administrator', () => {
  expect(delayOf(OPERATOR_ROLES.enforcer, 7 * 86_400)).to.equal(86_400)
  expect(delayOf(OPERATOR_ROLES.relinker, 7 * 86_400)).to.equal(2 * 86_400)
  for (const role of [OPERATOR_ROLES.pauser, OPERATOR_ROLES.freezer, OPERATOR_ROLES.compliance])
    expect(delayOf(role, 7 * 86_400)).to.equal(0)
  for (const role of roles) expect(delayOf(role, 0)).to.equal(0)
})

test('every role has a party, and every guarded contract is there', () => {
  expect(PARTIES).to.include.members(Object.keys(OPERATOR_ROLES))
  expect(Object.keys(TARGETS)).to.have.members(['ownership', 'vault', 'registrar', 'sale', 'documents'])
})
