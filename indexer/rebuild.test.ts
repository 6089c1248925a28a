import { after, before, describe, it } from 'node:test'
import { expect } from 'chai'
import type { Abi } from 'viem'
import {
  accessManagerAbi,
  communityDaoAbi,
  documentsAbi,
  governorAbi,
  ownershipAbi,
  registrarAbi,
  saleAbi,
  vaultAbi,
} from '../common/abi.ts'
import { openPool, type Pool } from '../common/node/db.ts'
import { addressesOf } from './settings.ts'
import { TABLES } from './tables.ts'
import { type Mirror, openMirror, type Scene, startScene } from './testing.ts'
import { type Comparison, openComparison } from './testing-compare.ts'
import { compareAccess, compareGovernors, compareTimelocks } from './testing-compare-governance.ts'
import { compareLedger } from './testing-compare-ledger.ts'
import { compareDocuments, compareRegistrar, compareSale, compareVault } from './testing-compare-money.ts'
import { liveThrough } from './testing-everything.ts'

/** Not state: fixed when deployed, pure computation over what is compared, or rules asked about a move that didn't happen. */
const NO_STATE = [
  ...['eip712Domain', 'isConsumingScheduledOp', 'isTrustedForwarder', 'trustedForwarder', 'ledger', 'supportsInterface'],
  ...['minNoticeSeconds', 'minClawbackSeconds', 'minOpenSeconds', 'minSetback', 'expiration', 'name', 'version', 'clock'],
  ...['canReceive', 'canSend', 'canTransfer', 'detectTransferRestriction', 'detectTransferRestrictionFrom', 'canCall'],
  ...['hashOf', 'hashOfMany', 'hashOfMint', 'hashOfFiatCommitment', 'hashOfFiatWithdrawal', 'hashOperation', 'investmentIdOf'],
  ...['isPaidOffchain', 'getVotes', 'getVotesWithParams', 'proposalNeedsQueuing'],
  ...['isOperation', 'isOperationDone', 'isOperationPending', 'isOperationReady'],
]

describe('the mirror of a chain on which one of everything happened', () => {
  let scene: Scene
  let mirror: Mirror
  let pool: Pool
  let comparison: Comparison

  before(async () => {
    scene = await startScene()
    await liveThrough(scene)
    mirror = await openMirror(scene)
    await mirror.catchUp()
    pool = openPool(mirror.database.urlOf('terra_analyst'))
    comparison = await openComparison(scene, pool)
  })
  after(async () => {
    await pool?.end()
    await mirror?.close()
    await scene.chain.stop()
  })

  it('has a row in every table', async () => {
    const empty: string[] = []
    for (const table of Object.keys(TABLES)) if ((await pool.query(`select from chain.${table} limit 1`)).rowCount === 0) empty.push(table)
    expect(empty).to.deep.equal([])
  })

  it('has rows for exactly the logs that the contracts wrote', async () => {
    const address = addressesOf(mirror.mirrored.contracts)
    const logs = await scene.chain.client.getLogs({ address, fromBlock: mirror.mirrored.startBlock })
    const places = Object.keys(TABLES).map((table) => `select block_number, log_index from chain.${table}`)
    const { rows } = await pool.query(`select block_number || '-' || log_index as place from (${places.join(' union ')}) of_all`)
    expect(rows.map(({ place }) => place).sort()).to.deep.equal(logs.map((log) => `${log.blockNumber}-${log.logIndex}`).sort())
  })

  it('shows all that the ledger shows', () => compareLedger(comparison))
  it('shows all that the vault shows', () => compareVault(comparison))
  it('shows all that the registrar shows', () => compareRegistrar(comparison))
  it('shows all that the sale shows', () => compareSale(comparison))
  it('shows all that the register of documents shows', () => compareDocuments(comparison))
  it('shows all that the governors show', () => compareGovernors(comparison))
  it('shows all that the timelocks show', () => compareTimelocks(comparison))
  it('shows all that the access manager shows', () => compareAccess(comparison))

  it('was compared with every view that shows state', () => {
    const { ownership, vault, registrar, sale, documents, accessManager, timelock, governors } = scene.deployment
    const contracts: [string, Abi][] = [
      [ownership, ownershipAbi],
      [vault, vaultAbi],
      [registrar, registrarAbi],
      [sale, saleAbi],
      [documents, documentsAbi],
      [accessManager, accessManagerAbi],
      [timelock, communityDaoAbi],
      [governors![0]!.governor, governorAbi],
    ]
    const left = contracts.flatMap(([address, abi]) =>
      abi.flatMap((item) => {
        if (item.type !== 'function' || item.stateMutability !== 'view' || /^[A-Z_]+$/.test(item.name)) return []
        return NO_STATE.includes(item.name) || comparison.compared.has(`${address}.${item.name}`) ? [] : [item.name]
      }),
    )
    expect(left).to.deep.equal([])
  })
})
