import { expect } from 'chai'
import { type AnyContract, ethers } from './fixture.ts'
import { holderOf, type Line, type Project, type Rebuilt, rebuild } from './rebuild.ts'
import * as holdings from './rebuild-holdings.ts'

/** Compares every view with what the logs alone say. */

export interface Contracts {
  ledger: AnyContract
  vault: AnyContract
  registrar: AnyContract
  documents: AnyContract
}
const ZERO = ethers.ZeroAddress

export async function checkRebuilt(contracts: Contracts, others: readonly string[]): Promise<Rebuilt> {
  const state = rebuild(await readLines(contracts))
  const { timestamp } = await ethers.provider.send('eth_getBlockByNumber', ['latest', false])
  const today = Math.floor(Number(timestamp) / 86_400)
  const people = [...new Set([...state.accounts.keys(), ...others])]
  await same(contracts.ledger, 'paused', [], [state.paused])
  for (const [projectId, project] of state.projects) {
    await checkProject(contracts.ledger, state, projectId, project, today)
    for (const address of people) await checkHolding(contracts.ledger, state.holdings.get(projectId)!, projectId, address, today)
  }
  await checkAccounts(contracts, state, people)
  await checkLots(contracts.ledger, state)
  await checkVault(contracts.vault, state, people)
  await checkDocuments(contracts.documents, state)
  return state
}

async function readLines(contracts: Contracts): Promise<Line[]> {
  const { ledger, vault, registrar, documents } = contracts
  const all = [ledger, vault, registrar, documents]
  const logs = await ethers.provider.send('eth_getLogs', [{ fromBlock: '0x0', address: all.map(({ target }) => target) }])
  return logs.map((log: { address: string; topics: string[]; data: string; blockTimestamp: string }) => {
    const contract = all.find(({ target }) => target.toLowerCase() === log.address)!
    const { name, args } = contract.interface.parseLog(log)
    return { event: name, args, time: Number(log.blockTimestamp) }
  })
}

async function checkProject(ledger: AnyContract, state: Rebuilt, projectId: number, project: Project, today: number): Promise<void> {
  const { terms, exit, minted } = project
  const held = state.holdings.get(projectId)!
  const supply = holdings.supplyOf(held)
  await same(
    ledger,
    'projectOf',
    [projectId],
    [
      [
        project.state,
        terms.cap,
        supply,
        held.epochs.length,
        holdings.holderCount(held),
        terms.maxHolders,
        terms.maxHolderBps,
        terms.lockDays,
        project.dailyMintCap,
        terms.payoutToken,
        terms.treasury,
        terms.exitTargetPerUnit,
        terms.buyOutPerUnit,
        project.rules,
        project.metadataVersion,
        project.metadataFrozen,
        project.metadataHash,
      ],
    ],
  )
  await same(ledger, 'totalSupply', [projectId], [supply])
  await same(ledger, 'exists', [projectId], [true])
  await same(ledger, 'uri', [projectId], [project.uri])
  await same(ledger, 'payoutTokenOf', [projectId], [terms.payoutToken])
  await same(ledger, 'blockedCountriesOf', [projectId], [project.blocked])
  await same(ledger, 'mintedToday', [projectId], [minted.day === today ? minted.units : 0])
  await same(ledger, 'exitOf', [projectId], [[exit.dao, exit.notBefore, exit.epoch]])
  for (const [index, { supply: units, cumulative }] of held.epochs.entries()) {
    await same(ledger, 'supplyAt', [projectId, index + 1], [units])
    await same(ledger, 'cumulativeAt', [projectId, index + 1], [cumulative])
  }
}

async function checkHolding(
  ledger: AnyContract,
  held: holdings.Holdings,
  projectId: number,
  address: string,
  today: number,
): Promise<void> {
  const position = holdings.positionOf(held, address)
  const { locked, unlockDay, clearedDay, frozen, claimed, exited, carried } = position
  const units = holdings.unitsOf(position)
  await same(ledger, 'holdingOf', [projectId, address], [[units, locked, unlockDay, clearedDay, frozen, claimed, exited, carried]])
  await same(ledger, 'balanceOf', [address, projectId], [units])
  await same(ledger, 'getFrozenTokens', [address, projectId], [frozen])
  await same(ledger, 'movableOf', [address, projectId], [holdings.movableOf(position, today)])
  await same(ledger, 'claimableOf', [projectId, address], [holdings.claimableOf(held, address)])
  for (const [index, epoch] of held.epochs.entries()) {
    await same(ledger, 'balanceAt', [address, projectId, index + 1], [epoch.units.get(address) ?? 0])
  }
}

async function checkAccounts({ ledger, registrar }: Contracts, state: Rebuilt, people: string[]): Promise<void> {
  for (const [address, role] of state.roles) await same(ledger, 'roleOf', [address], [role])
  for (const address of people) {
    await same(ledger, 'accountOf', [address], [state.accounts.get(address) ?? [0, 0, 0, 0, 0]])
    await same(ledger, 'successorOf', [address], [state.successors.get(address) ?? ZERO])
    await same(ledger, 'nonces', [address], [state.nonces.get(address) ?? 0])
  }
  for (const [pair, approved] of state.approvals) await same(ledger, 'isApprovedForAll', pair.split(' '), [approved])
  for (const investorId of new Set([...state.accounts.values()].map((record) => record[4] as bigint))) {
    if (investorId === 0n) continue
    // The wallet with an expiry that isn't retired is the active one.
    const isActive = [...state.accounts.values()].some(
      ([flags, expiry, , , id]) => id === investorId && expiry !== 0n && !((flags as bigint) & 16n),
    )
    await same(registrar, 'isActive', [investorId], [isActive])
    await same(registrar, 'lastIssuedAt', [investorId], [state.issuedAt.get(investorId) ?? 0])
  }
}

async function checkLots(ledger: AnyContract, state: Rebuilt): Promise<void> {
  for (const [id, lot] of state.lots) {
    await same(ledger, 'receiptOf', [id], [[lot.investor, lot.units, lot.projectId, lot.day]])
    await same(ledger, 'lotOf', [id], [holderOf(state, lot), lot.state])
  }
}

async function checkVault(vault: AnyContract, state: Rebuilt, people: string[]): Promise<void> {
  for (const [id, made] of state.distributions) await same(vault, 'distributionOf', [id], made)
  for (const [token, allowed] of state.tokens) await same(vault, 'isTokenAllowed', [token], [allowed])
  for (const [id, made] of state.attestations) await same(vault, 'offchainDistributionOf', [id], made)
  for (const [projectId, announced] of state.clawbacks) await same(vault, 'clawbackOf', [projectId], announced)
  for (const address of people) {
    const chosen = state.payoutAddresses.get(address) ?? ZERO
    await same(vault, 'payoutAddressOf', [address], [chosen === ZERO ? address : chosen])
  }
}

async function checkDocuments(documents: AnyContract, state: Rebuilt): Promise<void> {
  const kinds = new Map<string, string[]>()
  for (const [key, versions] of state.documents) {
    const [projectId, kind] = key.split(' ') as [string, string]
    kinds.set(projectId, [...(kinds.get(projectId) ?? []), kind])
    await same(documents, 'versionsOf', [projectId, kind], [versions.length])
    await same(documents, 'latestDocument', [projectId, kind], [versions.length, versions.at(-1)])
    for (const [index, version] of versions.entries()) await same(documents, 'documentOf', [projectId, kind, index + 1], [version])
  }
  for (const [projectId, list] of kinds) await same(documents, 'kindsOf', [projectId], [list])
}

async function same(contract: AnyContract, method: string, args: readonly unknown[], expected: readonly unknown[]): Promise<void> {
  const data = contract.interface.encodeFunctionData(method, args)
  const answer = await ethers.provider.send('eth_call', [{ to: contract.target, data }, 'latest'])
  const shown = contract.interface.decodeFunctionResult(method, answer)
  expect(String(shown), `${method}(${args}) from the logs`).to.equal(String(expected))
}
