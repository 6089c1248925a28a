import type { Address, Hex } from 'viem'
import { ownershipAbi } from '../../common/abi.ts'
import type { Db } from '../../common/node/db.ts'
import type { Deployment } from '../../common/node/deployment.ts'
import { CliError } from './cli-error.ts'
import { type Sender, send, sendOnly, tryCall } from './send.ts'

export interface ProjectTerms {
  cap: bigint
  maxHolders: number
  lockDays: number
  payoutToken: Address
  exitTargetPerUnit: bigint
  metadataHash: Hex
  uri: string
}

export interface PlannedProject {
  projectId: number
  name: string
  issuer: string
  terms: ProjectTerms
  /** The contract already has it with these very terms. */
  isOnChain: boolean
}

/**
 * What a submitted project will be on chain, taken from what its issuer pinned.
 * @throws CliError NOT_FOUND, NOT_SUBMITTED, or STATE when the chain has that number with other terms
 */
export async function planProject(db: Db, client: Sender['client'], deployment: Deployment, projectId: number): Promise<PlannedProject> {
  const row = await findProject(db, projectId)
  if (!row) throw new CliError('NOT_FOUND', `There is no project ${projectId}`, { hint: 'npm run terra -- status' })
  if (row.metadataCid === null || row.metadataSha256 === null) {
    throw new CliError('NOT_SUBMITTED', `Project ${projectId} (${row.name}) has not been submitted by its issuer`, {
      hint: 'ask the issuer to submit it: its metadata must be pinned first',
    })
  }
  const terms: ProjectTerms = {
    cap: BigInt(row.unitsOffered),
    maxHolders: 0,
    lockDays: row.lockDays,
    payoutToken: deployment.payoutToken as Address,
    exitTargetPerUnit: BigInt(row.exitTargetPerUnit),
    metadataHash: row.metadataSha256,
    uri: `ipfs://${row.metadataCid}`,
  }
  const isOnChain = await hasProject(client, deployment, projectId, terms)
  return { projectId, name: row.name, issuer: row.issuer, terms, isOnChain }
}

/** Creates a planned project on chain and waits until it is mined. */
export function createProject(sender: Sender, deployment: Deployment, plan: PlannedProject) {
  return send(sender, createCall(deployment, plan))
}

/** Sends it with a nonce of one's own and does not wait: for many projects in one block. */
export function sendProject(sender: Sender, deployment: Deployment, plan: PlannedProject, nonce: number) {
  return sendOnly(sender, createCall(deployment, plan), { nonce })
}

/** Asks the contract whether it would take the project; returns the gas. */
export function tryProject(sender: Sender, deployment: Deployment, plan: PlannedProject) {
  return tryCall(sender, createCall(deployment, plan))
}

function createCall(deployment: Deployment, plan: PlannedProject) {
  return {
    address: deployment.ownership as Address,
    abi: ownershipAbi,
    functionName: 'createProject',
    args: [plan.projectId, plan.terms],
  } as const
}

async function hasProject(client: Sender['client'], deployment: Deployment, projectId: number, terms: ProjectTerms): Promise<boolean> {
  const contract = { address: deployment.ownership as Address, abi: ownershipAbi } as const
  const project = await client.readContract({ ...contract, functionName: 'projectOf', args: [BigInt(projectId)] }).catch(() => undefined)
  if (!project || project.state === 0) return false
  const isSame =
    project.cap === terms.cap &&
    project.exitTargetPerUnit === terms.exitTargetPerUnit &&
    project.lockDays === terms.lockDays &&
    project.metadataHash === terms.metadataHash
  if (isSame) return true
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
