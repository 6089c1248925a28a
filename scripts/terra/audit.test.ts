import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { expect } from 'chai'
import { createWalletClient, http } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { encodeAnchor } from '../../api/audit/anchor.ts'
import { TEST_KEYS } from '../../common/node/testing.ts'
import { openScene, type Scene } from './testing-scene.ts'

let scene: Scene
before(async () => {
  scene = await openScene()
})
after(() => scene.close())

const verify = async (...args: string[]) => {
  const { code, out } = await scene.terra(['audit', 'verify', '--json', ...args])
  return { code, ...JSON.parse(out) }
}
/** The same, held against this transaction. */
function verifyAgainst(txHash: string) {
  const file = join(scene.folder, 'anchors.txt')
  writeFileSync(file, `${txHash}\n`)
  return verify('--anchors', file)
}
/** Sends an anchor as the minter, or as somebody else. */
async function send(head: { seq: string; hash: `0x${string}` }, key: `0x${string}` = TEST_KEYS[1]): Promise<string> {
  const sender = createWalletClient({ account: privateKeyToAccount(key), transport: http(scene.chain.url) })
  const data = encodeAnchor({ seq: BigInt(head.seq), hash: head.hash })
  return sender.sendTransaction({ chain: null, to: sender.account.address, data })
}
const tamper = (sql: string) => scene.database.admin.query(`begin; set local session_replication_role = replica; ${sql}; commit`)

test('an operator’s command is in the audit under its own name, and the audit is whole', async () => {
  await scene.addProject(1, 'Audited')
  await scene.terra(['incidents'])
  await scene.database.admin.query(`insert into chain.incident (block_number, block_hash, replaced_by) values (7, $1, $2)`, [
    `0x${'a'.repeat(64)}`,
    `0x${'b'.repeat(64)}`,
  ])
  await scene.terra(['incidents', '--review', 'looked at it', '--yes'])
  const report = await verify()
  expect(report).to.deep.include({ code: 0, ok: true, flaw: null, unsealed: 0, anchors: 0 })
  expect(report.rows).to.be.greaterThan(2)
  const { out, err } = await scene.terra(['audit', 'export'])
  const rows = out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect(rows.at(-1)).to.include({ actor: 'operator', permission: 'terra incidents', action: 'insert incident_review' })
  expect(err).to.contain(`Exported ${rows.length} rows`)
  expect((await scene.terra(['audit', 'export', '--since', 'yesterday'])).err).to.contain('error USAGE')
  const people = await scene.terra(['audit', 'verify', '--no-chain'])
  expect(people.out).to.match(/^The audit is whole: \d+ rows in .* No anchor to hold it against/)
})

test('a cut-off end is found by an anchor, which only the minter can make', async () => {
  const { head } = await verify()
  const anchor = await send(head)
  expect(await verifyAgainst(anchor)).to.deep.include({ code: 0, anchors: 1, flaw: null })
  expect(await verifyAgainst(await send(head, TEST_KEYS[4]))).to.deep.include({ code: 1, ok: false })
  expect((await verifyAgainst(`0x${'9'.repeat(64)}`)).error.code).to.equal('NOT_FOUND')
  expect((await verifyAgainst('0x12')).error.code).to.equal('USAGE')
  await tamper(
    `with gone as (delete from app.audit_seal where seq = ${head.seq} returning audit_id) delete from app.audit where id in (select audit_id from gone)`,
  )
  expect(await verify()).to.deep.include({ code: 0, flaw: null })
  const cut = await verifyAgainst(anchor)
  expect(cut.code).to.equal(1)
  expect(cut.flaw).to.include({ kind: 'truncated', seq: head.seq })
})

test('an altered row is named', async () => {
  await tamper(`update app.audit set subject = 'project 99' where id = (select audit_id from app.audit_seal where seq = 2)`)
  const { code, out } = await scene.terra(['audit', 'verify'])
  expect(code).to.equal(1)
  expect(out).to.match(/^Audit row \d+ at place 2 is not what was sealed: ".+" of project 99 by database:postgres\.\nChecked 1 rows/)
})
