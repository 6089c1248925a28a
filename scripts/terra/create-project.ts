import { type Address, type Hex, zeroAddress, zeroHash } from 'viem'
import { ownershipAbi } from '../../common/abi.ts'
import { LEDGER_STATES, type LedgerState, stateNumber } from '../../common/ledger-states.ts'
import type { Db } from '../../common/node/db.ts'
import type { Deployment } from '../../common/node/deployment.ts'
import { CliError } from './cli-error.ts'
import { type Sender, type Sent, send, sendOnly, tryCall } from './send.ts'

/** As in ITerraLuminaOwnership.ProjectTerms. */
export interface ProjectTerms {
  cap: bigint
  maxHolders: number
  maxHolderBps: number
  lockDays: number
  dailyMintCap: bigint
  payoutToken: Address
  treasury: Address
  exitTargetPerUnit: bigint
  buyOutPerUnit: bigint
  metadataHash: Hex
  uri: string
}

/** What the operator decides besides the issuer; what is left out has no limit, no treasury and no price. */
export type OperatorTerms = Partial<Pick<ProjectTerms, 'maxHolders' | 'maxHolderBps' | 'dailyMintCap' | 'treasury' | 'buyOutPerUnit'>>

export interface PlannedProject {
  projectId: number
  name: string
  issuer: string
  terms: ProjectTerms
  /** Where the contract has it already, with these very terms; `none` when it doesn't. */
  state: LedgerState
}

/**
 * What a submitted project will be on chain, taken from what its issuer pinned.
 * @throws CliError NOT_FOUND, NOT_SUBMITTED, or STATE when the chain has that number with other terms
 */
export async function planProject(
  db: Db,
  client: Sender['client'],
  deployment: Deployment,
  projectId: number,
  asked: OperatorTerms = {},
): Promise<PlannedProject> {
  const row = await findProject(db, projectId)
  if (!row) throw new CliError('NOT_FOUND', `There is no project ${projectId}`, { hint: 'npm run terra -- status' })
  if (row.metadataCid === null || row.metadataSha256 === null) {
    throw new CliError('NOT_SUBMITTED', `Project ${projectId} (${row.name}) has not been submitted by its issuer`, {
      hint: 'ask the issuer to submit it: its metadata must be pinned first',
    })
  }
  const cap = BigInt(row.unitsOffered)
  const terms: ProjectTerms = {
    cap,
    maxHolders: 0,
    maxHolderBps: 0,
    lockDays: row.lockDays,
    dailyMintCap: cap,
    payoutToken: deployment.payoutToken as Address,
    treasury: zeroAddress,
    exitTargetPerUnit: BigInt(row.exitTargetPerUnit),
    buyOutPerUnit: 0n,
    metadataHash: row.metadataSha256,
    uri: `ipfs://${row.metadataCid}`,
    ...asked,
  }
  const state = await readState(client, deployment, projectId, terms, asked)
  return { projectId, name: row.name, issuer: row.issuer, terms, state }
}

/**
 * Creates a planned project on chain and opens it to investors, in two transactions; sends only what is missing. With `isDraft` it stays
 * a draft, for a sale on chain to open.
 * @param onCreated Told between the two
 */
export async function createProject(
  sender: Sender,
  deployment: Deployment,
  plan: PlannedProject,
  { isDraft = false, onCreated = () => {} }: { isDraft?: boolean; onCreated?: (sent: Sent) => void } = {},
): Promise<{ created: Sent | undefined; activated: Sent | undefined }> {
  const created = plan.state === 'none' ? await send(sender, createCall(deployment, plan)) : undefined
  if (created) onCreated(created)
  const isOpen = isDraft || !['none', 'draft'].includes(plan.state)
  return { created, activated: isOpen ? undefined : await send(sender, activateCall(deployment, plan)) }
}

/** Sends the creation with a nonce of one's own and does not wait: for many projects in one block. */
export function sendCreation(sender: Sender, deployment: Deployment, plan: PlannedProject, nonce: number) {
  return sendOnly(sender, createCall(deployment, plan), { nonce })
}

/** The same for the opening, once the creation is mined. */
export function sendActivation(sender: Sender, deployment: Deployment, plan: PlannedProject, nonce: number) {
  return sendOnly(sender, activateCall(deployment, plan), { nonce })
}

/** Asks the contract whether it would take the next step; returns the gas. */
export function tryProject(sender: Sender, deployment: Deployment, plan: PlannedProject) {
  return plan.state === 'none' ? tryCall(sender, createCall(deployment, plan)) : tryCall(sender, activateCall(deployment, plan))
}

const ledger = (deployment: Deployment) => ({ address: deployment.ownership as Address, abi: ownershipAbi }) as const

function createCall(deployment: Deployment, plan: PlannedProject) {
  return { ...ledger(deployment), functionName: 'createProject', args: [plan.projectId, plan.terms] } as const
}

/** Sold off chain: no sale contract has to open it first. */
function activateCall(deployment: Deployment, plan: PlannedProject) {
  return {
    ...ledger(deployment),
    functionName: 'setProjectState',
    args: [BigInt(plan.projectId), stateNumber('active'), zeroHash],
  } as const
}

/** Compares only what this command line or the issuer says: a repeat needn't name the operator's terms again. */
async function readState(
  client: Sender['client'],
  deployment: Deployment,
  projectId: number,
  terms: ProjectTerms,
  asked: OperatorTerms,
): Promise<LedgerState> {
  const project = await client.readContract({ ...ledger(deployment), functionName: 'projectOf', args: [BigInt(projectId)] })
  const state = LEDGER_STATES[project.state]!
  if (state === 'none') return state
  // The daily cap may have been changed since.
  const fixed = Object.keys(asked).filter((name) => name !== 'dailyMintCap') as (keyof OperatorTerms)[]
  const compared = ['cap', 'exitTargetPerUnit', 'lockDays', 'metadataHash', ...fixed] as const
  if (compared.every((name) => String(project[name]).toLowerCase() === String(terms[name]).toLowerCase())) return state
  throw new CliError('STATE', `Project ${projectId} is already on chain with other terms`, {
    hint: 'compare the metadata of both; a change of metadata is a transaction of its own, the other terms never change',
    details: { onChain: project, here: terms },
  })
}

interface ProjectRow {
  name: string
  issuer: string
  unitsOffered: string
  lockDays: number
  exitTargetPerUnit: string
  metadataCid: string | null
  metadataSha256: Hex | null
}

async function findProject(db: Db, projectId: number): Promise<ProjectRow | undefined> {
  const { rows } = await db.query<ProjectRow>(
    `select p.name, i.name as issuer, p.units_offered as "unitsOffered", p.lock_days as "lockDays",
       p.exit_target_per_unit as "exitTargetPerUnit", p.metadata_cid as "metadataCid", p.metadata_sha256 as "metadataSha256"
     from app.project p
     join app.issuer i on i.id = p.issuer_id
     where p.project_id = $1`,
    [projectId],
  )
  return rows[0]
}
