import type { Hex } from 'viem'
import type { ProjectCard, ProjectDetail } from '../../common/wire.ts'
import { planProject, sendActivation, sendCreation } from '../terra/create-project.ts'
import { waitMirror } from '../terra/mirror.ts'
import { newestOf, waitMined } from '../terra/send.ts'
import { type Client, openClient } from './client.ts'
import { documentsOf } from './documents.ts'
import { ISSUERS } from './issuers.ts'
import { enter } from './person.ts'
import { mapPool } from './pool.ts'
import { PROJECTS } from './projects.ts'
import { makeIssuer } from './staff.ts'
import type { SeedIssuer, SeedProject } from './types.ts'
import { SEED_PASSWORD } from './wallets.ts'
import type { World } from './world.ts'

/** Issuers register, list their projects and submit them. Returns each project's number by its key. */
export async function seedProjects(world: World): Promise<Map<string, number>> {
  const clients = new Map(await mapPool(ISSUERS, 3, async (issuer) => [issuer.key, await openIssuer(world, issuer)] as const))
  const known = new Map<string, ProjectCard>()
  for (const client of clients.values()) {
    for (const card of await client.get<ProjectCard[]>('projects?mine=true&limit=100')) known.set(card.name, card)
  }
  const ids = new Map<string, number>()
  // One after the other, so that every world numbers its projects alike.
  for (const project of PROJECTS) {
    const { projectId } = known.get(project.name) ?? (await createDraft(clients.get(project.issuer)!, project))
    ids.set(project.key, projectId)
  }
  let done = 0
  await mapPool(PROJECTS, 4, async (project) => {
    const projectId = ids.get(project.key)!
    const state = known.get(project.name)?.state ?? 'draft'
    if (state === 'draft') await fillDraft(clients.get(project.issuer)!, project, projectId)
    world.progress.advance(++done, PROJECTS.length, 'Listing projects')
  })
  return ids
}

/** Puts every submitted project on chain and opens it, all in as few blocks as the chain allows. */
export async function seedChain(world: World, projectIds: Iterable<number>): Promise<void> {
  const { db, sender, deployment } = world
  const plans = await Promise.all([...projectIds].map((projectId) => planProject(db, sender.client, deployment, projectId)))
  let nonce = await sender.client.getTransactionCount({ address: sender.account.address, blockTag: 'pending' })
  const hashes: Hex[] = []
  const mined = () => Promise.all(hashes.map((hash) => waitMined(sender, hash)))
  for (const plan of plans.filter(({ state }) => state === 'none')) hashes.push(await sendCreation(sender, deployment, plan, nonce++))
  await mined()
  for (const plan of plans.filter(({ state }) => state === 'none' || state === 'draft'))
    hashes.push(await sendActivation(sender, deployment, plan, nonce++))
  await waitMirror(db, newestOf(await mined()), world.progress)
}

async function openIssuer(world: World, issuer: SeedIssuer): Promise<Client> {
  const client = openClient(world.webUrl)
  const user = await enter(client, { email: issuer.email, password: SEED_PASSWORD, country: issuer.country, displayName: issuer.person })
  if (user.issuerId === null) await makeIssuer(world.db, user.id, issuer)
  return client
}

async function createDraft(client: Client, project: SeedProject): Promise<ProjectDetail> {
  const { key: _key, issuer: _issuer, updates: _updates, ...facts } = project
  return client.post<ProjectDetail>('projects', {
    ...facts,
    capacityKw: facts.capacityKw.toString(),
    annualMwh: facts.annualMwh.toString(),
    unitPriceCents: facts.unitPriceCents.toString(),
    unitsOffered: facts.unitsOffered.toString(),
    minInvestmentCents: facts.minInvestmentCents.toString(),
    // Each unit must have earned its price; one cent is 10,000 base units of USDC.
    exitTargetPerUnit: (facts.unitPriceCents * 10_000n).toString(),
  })
}

async function fillDraft(client: Client, project: SeedProject, projectId: number): Promise<void> {
  const issuer = ISSUERS.find(({ key }) => key === project.issuer)!
  for (const { kind, title, fileName, mediaType, bytes } of documentsOf(project, issuer.name)) {
    await client.upload(`projects/${projectId}/documents`, { name: fileName, mediaType, bytes }, { kind, title })
  }
  const told = new Set((await client.get<{ title: string }[]>(`projects/${projectId}/updates`)).map(({ title }) => title))
  for (const update of project.updates) if (!told.has(update.title)) await client.post(`projects/${projectId}/updates`, update)
  await client.post(`projects/${projectId}/submit`)
}
