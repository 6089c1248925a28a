import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { expect } from 'chai'
import type { Address } from 'viem'
import { freshDatabase, startTestChain, type TestChain, type TestDatabase } from '../../common/node/testing.ts'
import { deployPlain, type PlainTokens } from '../../indexer/testing-plain.ts'
import { root } from './settings.ts'

interface Row {
  check: string
  chain: string
  mirror: string
  at?: { table: string; block: string }
}

for (const name of ['PlainTokens', 'CountedTokens'] as const) {
  describe(`the mirror of an ERC-1155 contract that tells ${name === 'PlainTokens' ? 'no supply' : 'its supply'}`, () => {
    let chain: TestChain
    let database: TestDatabase
    let tokens: PlainTokens
    let folder: string
    const schema = 'others'

    before(async () => {
      ;[chain, database] = await Promise.all([startTestChain(), freshDatabase()])
      tokens = await deployPlain(chain, name)
      folder = await mkdtemp(join(tmpdir(), 'terra-plain-'))
      const [alice, bob, carol, dora] = tokens.holders as [Address, Address, Address, Address]
      await tokens.send('mint', [alice, 1n, 100n])
      await tokens.send('mintBatch', [bob, [1n, 900_000_000n, 1n], [5n, 7n, 2n]])
      await tokens.send('safeTransferFrom', [alice, carol, 1n, 30n, '0x'], alice)
      await tokens.send('safeBatchTransferFrom', [bob, alice, [1n, 900_000_000n], [1n, 3n], '0x'], bob)
      await tokens.send('setApprovalForAll', [alice, true], bob)
      await tokens.send('burn', [carol, 1n, 4n])
      // Somebody of whom one log only speaks.
      await tokens.send('mint', [dora, 77n, 11n])
      await chain.client.mine({ blocks: 5 })
      const { code, err } = await index()
      expect(code, err).to.equal(0)
    })
    after(async () => {
      await Promise.all([chain.stop(), database.drop(), rm(folder, { recursive: true })])
    })

    const index = () =>
      ended(
        spawn(process.execPath, [join(root, 'indexer', 'main.ts'), '--until-head'], {
          env: {
            PATH: process.env.PATH,
            RPC_URL: chain.url,
            DATABASE_URL: database.urlOf('terra_indexer'),
            CONTRACT_ADDRESS: tokens.address,
            START_BLOCK: String(tokens.startBlock),
            MIRROR_SCHEMA: schema,
          },
        }),
      )
    const terra = (...args: string[]) => terraOf(tokens.address, ...args)
    const terraOf = async (contract: Address, ...args: string[]) => {
      const where = ['--contract', contract, '--schema', schema, '--json']
      const env = {
        PATH: process.env.PATH,
        RPC_URL: chain.url,
        DATABASE_URL: database.urlOf('terra_worker'),
        INDEXER_DATABASE_URL: database.urlOf('terra_indexer'),
      }
      const { code, out, err } = await ended(spawn(process.execPath, [join(root, 'scripts', 'terra.ts'), ...args, ...where], { env }))
      return { code, err, data: JSON.parse(out) as Record<string, unknown> }
    }
    const spoil = (sql: string) => database.admin.query(sql.replaceAll('transfer', `${schema}.transfer`))
    const rowsOf = (data: Record<string, unknown>) => (data.mismatches as Row[]).filter(({ check }) => check === 'row')

    /** Damages, expects the row and nothing else to be named, repairs, expects a whole mirror again. */
    async function isFoundAndMended(damage: string, expected: Partial<Row>) {
      await spoil(damage)
      const found = await terra('verify')
      expect([found.code, rowsOf(found.data).length], found.err).to.deep.equal([1, 1])
      expect(rowsOf(found.data)[0]).to.deep.include(expected)
      const mended = await terra('verify', '--repair', '--yes')
      expect([mended.code, mended.data.differences], mended.err).to.deep.equal([0, 0])
    }

    it('is proven by every holder’s balance, and says where its supplies are from', async () => {
      const file = join(folder, 'proof.json')
      const { code, data, err } = await terra('verify', '--report', file)
      expect(code, err).to.equal(0)
      const from = name === 'PlainTokens' ? 'sum of balances' : 'totalSupply'
      expect(data.supplies).to.deep.equal([
        { projectId: 1, chain: '103', mirror: '103', from },
        { projectId: 77, chain: '11', mirror: '11', from },
        { projectId: 900_000_000, chain: '7', mirror: '7', from },
      ])
      // Where no supply is told, only the logs prove that nobody is missing.
      expect([data.pairs, data.logs]).to.deep.equal([6, name === 'PlainTokens' ? 7 : null])
      const { report } = JSON.parse(readFileSync(file, 'utf8'))
      expect(report.contracts).to.deep.equal({ ownership: tokens.address })
      expect(report.tables.transfer.rows).to.equal(9)
    })

    it('with a wrong row is found out, by the row, and mended', () =>
      isFoundAndMended(`update transfer set units = 31 where units = 30`, { chain: 'units=30', mirror: 'units=31' }))

    it('with holdings that are not the sum of right rows is found out, now and at a past block, and mended', async () => {
      const wrongs = [
        `update ${schema}.holding set units = units + 1 where project_id = 77`,
        `insert into ${schema}.holding_snapshot select 1, final_block, 1, array['\\x${'11'.repeat(20)}'::bytea], array[5] from ${schema}.checkpoint`,
      ]
      for (const [at, wrong] of wrongs.entries()) {
        await database.admin.query(wrong)
        const found = await terra('verify')
        const checks = new Set((found.data.mismatches as Row[]).map(({ check }) => check))
        expect([found.code, checks.has(at === 0 ? 'holding' : 'snapshot'), found.data.damage], found.err).to.deep.equal([1, true, []])
        const mended = await terra('verify', '--repair', '--yes')
        expect([mended.code, mended.data.differences], mended.err).to.deep.equal([0, 0])
      }
    })

    it('with a log missing that alone speaks of its holder and its id is found out, by the log, and mended', () =>
      isFoundAndMended(`delete from transfer where project_id = 77`, { mirror: 'no such row' }))

    it('with one piece of a batch missing is found out, and mended', () =>
      isFoundAndMended(`delete from transfer where project_id = 900000000 and units = 3`, { mirror: 'no such row' }))

    // The rest goes the same way whatever the contract tells.
    if (name === 'CountedTokens') return

    it('is built anew beside, compared, and exchanged; what was wrong is right then', async () => {
      await spoil('update transfer set units = 12 where project_id = 77')
      const compared = await terra('reindex', '--compare-only')
      expect([compared.code, compared.data.differing], compared.err).to.deep.equal([1, ['transfer']])
      const exchanged = await terra('reindex', '--yes')
      expect([exchanged.code, exchanged.data.status], exchanged.err).to.deep.equal([0, 'exchanged'])
      const proven = await terra('verify', '--logs')
      expect([proven.code, proven.data.differences, proven.data.logs], proven.err).to.deep.equal([0, 0, 7])
      const { code, err } = await index()
      expect(code, err).to.equal(0)
    })

    it('is not taken for that of another contract', async () => {
      const other = await deployPlain(chain, name)
      const { code, data } = await terraOf(other.address, 'verify')
      expect([code, data.error]).to.have.nested.property('[1].code', 'CONTRACT_MISMATCH')
      const nobody = await terraOf(tokens.holders[0]!, 'verify')
      expect([nobody.code, nobody.data.error]).to.have.nested.property('[1].code', 'CONTRACT_MISMATCH')
    })
  })
}

async function ended(child: ChildProcess): Promise<{ code: number | null; out: string; err: string }> {
  let [out, err] = ['', '']
  child.stdout!.on('data', (part) => {
    out += part
  })
  child.stderr!.on('data', (part) => {
    err += part
  })
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve))
  return { code, out, err }
}
