import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Hex } from 'viem'
import { ownershipAbi } from '../../common/abi.ts'
import { openIpfs, type Pinned } from '../../common/node/ipfs.ts'
import type { Document, ProjectDetail } from '../../common/wire.ts'
import { createProject, planProject } from '../terra/create-project.ts'
import { waitMirror } from '../terra/mirror.ts'
import { openClient } from '../world/client.ts'
import { textPdf } from '../world/pdf.ts'
import { enter, waitFor } from '../world/person.ts'
import { makeIssuer } from '../world/staff.ts'
import type { Platform } from './platform.ts'
import { expectSame, type Recorder } from './recorder.ts'

/** Ten dollars a unit. */
export const UNIT_PRICE_CENTS = 1_000n
/** Each unit must have earned one dollar before the exit may begin. */
const EXIT_TARGET = 1_000_000n

/** An issuer lists a project with a document, everything is pinned and read back, and the operator puts it on chain. */
export async function listProject(platform: Platform, recorder: Recorder, run: string): Promise<{ projectId: number; name: string }> {
  const { webUrl, db, sender, deployment, progress } = platform
  const issuer = openClient(webUrl)
  const name = `Demo Ridge Wind ${run}`

  const { project } = await recorder.step('Issuer creates a project', async () => {
    const user = await enter(issuer, {
      email: `issuer-${run}@demo.example`,
      password: `a-fresh-password-${run}`,
      country: 'PT',
      displayName: 'Demo Issuer',
    })
    await makeIssuer(db, user.id, { name: `Demo Issuer ${run}`, country: 'PT', website: 'https://demo.example' })
    const created = await issuer.post<ProjectDetail>('projects', facts(name))
    expectSame('state', created.state, 'draft')
    return { project: created, note: `project ${created.projectId}, 500 units at $10` }
  })
  const { projectId } = project

  await recorder.step('Document and metadata are pinned to IPFS', async () => {
    const bytes = textPdf(name, ['Twelve turbines on a windy ridge.', `Run ${run}.`])
    const document = await issuer.upload<Document>(
      `projects/${projectId}/documents`,
      { name: 'key-information.pdf', mediaType: 'application/pdf', bytes },
      { kind: 'prospectus', title: 'Key information' },
    )
    const submitted = await issuer.post<ProjectDetail>(`projects/${projectId}/submit`)
    // The address is computed anew from the bytes that come back: whoever serves them need not be believed.
    const [documentBack, metadataBack] = [await readBack(webUrl, document.cid), await readBack(webUrl, submitted.metadataCid!)]
    expectSame('document CID', documentBack.cid, document.cid)
    expectSame('document hash', documentBack.sha256, document.sha256)
    expectSame('metadata CID', metadataBack.cid, submitted.metadataCid)
    return { note: `document ${document.cid}, metadata ${submitted.metadataCid}` }
  })

  await recorder.step('Operator creates it on chain', async () => {
    const plan = await planProject(db, sender.client, deployment, projectId)
    const { created, activated } = await createProject(sender, deployment, plan)
    const blockNumber = activated!.blockNumber
    const onChain = await sender.client.readContract({
      address: deployment.ownership as Hex,
      abi: ownershipAbi,
      functionName: 'projectOf',
      args: [BigInt(projectId)],
    })
    expectSame('metadata hash on chain', onChain.metadataHash, plan.terms.metadataHash)
    await waitMirror(db, blockNumber, progress)
    await waitFor(
      'the project to be listed',
      async () => (await openClient(webUrl).get<ProjectDetail>(`projects/${projectId}`)).state === 'active',
    )
    return { txHash: created!.hash, note: `active in block ${blockNumber}` }
  })
  return { projectId, name }
}

/** Reads a CID through the platform and computes its address anew, in a block store of its own. */
async function readBack(webUrl: string, cid: string): Promise<Pinned> {
  const response = await fetch(`${webUrl}/ipfs/${cid}`)
  expectSame(`answer for /ipfs/${cid}`, response.status, 200)
  const folder = await mkdtemp(join(tmpdir(), 'terra-cid-'))
  const ipfs = await openIpfs(folder)
  try {
    return await ipfs.pin(new Uint8Array(await response.arrayBuffer()))
  } finally {
    await ipfs.close()
    await rm(folder, { recursive: true, force: true })
  }
}

function facts(name: string) {
  return {
    name,
    summary: 'A project that lives for the minute of a demonstration.',
    description:
      'Listed, sold, paid out and handed to its community DAO by the demo script, through the same doors as every other project.',
    technology: 'wind',
    buildStatus: 'operating',
    country: 'PT',
    city: 'Sagres',
    latitude: 37.0086,
    longitude: -8.9431,
    capacityKw: '2400',
    annualMwh: '8200',
    unitPriceCents: UNIT_PRICE_CENTS.toString(),
    unitsOffered: '500',
    expectedReturnBps: 800,
    exitYears: 1,
    exitTargetPerUnit: EXIT_TARGET.toString(),
  }
}
