import { textPdf } from './pdf.ts'
import type { SeedProject } from './types.ts'

export interface SeedDocument {
  kind: 'prospectus' | 'environmental' | 'financial' | 'report'
  title: string
  fileName: string
  mediaType: string
  bytes: Uint8Array
}

/** The three documents every seeded project lists; the same project gives the same bytes, and so the same CIDs. */
export function documentsOf(project: SeedProject, issuer: string): SeedDocument[] {
  return [
    {
      kind: 'prospectus',
      title: `${project.name}: key information`,
      fileName: `${project.key}-key-information.pdf`,
      mediaType: 'application/pdf',
      bytes: textPdf(project.name, prospectus(project, issuer)),
    },
    {
      kind: 'environmental',
      title: 'Environmental and social summary',
      fileName: `${project.key}-environment.pdf`,
      mediaType: 'application/pdf',
      bytes: textPdf('Environmental and social summary', environment(project)),
    },
    {
      kind: 'financial',
      title: 'Production and payout model',
      fileName: `${project.key}-model.csv`,
      mediaType: 'text/csv',
      bytes: Buffer.from(model(project)),
    },
  ]
}

/** The report behind the one distribution of the local world. */
export function payoutReport(project: SeedProject, amount: string): SeedDocument {
  return {
    kind: 'report',
    title: 'Payout report, third quarter of 2026',
    fileName: `${project.key}-2026-q3.pdf`,
    mediaType: 'application/pdf',
    bytes: textPdf('Payout report, third quarter of 2026', [
      `${project.name}, ${project.city} (${project.country})`,
      'Generated: 13,526 MWh. Sold to the grid: 12,904 MWh. Curtailed: 622 MWh (4.6 %).',
      'Revenue: 774,240.00 US dollars. Operation and maintenance: 118,900.00. Land and community: 15,485.00. Debt service: 471,300.00.',
      `Paid out to holders of this platform's units: ${amount} USDC, the same for each unit.`,
      'Availability of the twelve turbines was 98.1 %. Two blades were repaired in September; the cost is in the figure above.',
    ]),
  }
}

const dollars = (cents: bigint) => `${(cents / 100n).toLocaleString('en-US')}.${(cents % 100n).toString().padStart(2, '0')} US dollars`

function prospectus(project: SeedProject, issuer: string): string[] {
  return [
    `Issuer: ${issuer}`,
    `Place: ${project.city} (${project.country}), ${project.latitude}, ${project.longitude}`,
    `Technology: ${project.technology}. Status: ${project.buildStatus}.`,
    `Capacity: ${project.capacityKw.toLocaleString('en-US')} kW. Expected output: ${project.annualMwh.toLocaleString('en-US')} MWh a year.`,
    `Units on offer: ${project.unitsOffered.toLocaleString('en-US')} at ${dollars(project.unitPriceCents)} each.`,
    `Expected return: ${(project.expectedReturnBps / 100).toFixed(2)} % a year. This is an expectation, not a promise. You may lose all you put in.`,
    `Exit: after ${project.exitYears} years, or once each unit has earned its price, the units move to the community DAO.`,
    project.lockDays === 0
      ? 'Units may be passed on at once to other verified investors.'
      : `Units are locked for ${project.lockDays} days after they are minted.`,
    ...project.description.split('\n\n'),
    'This document describes an invented project for trying out the software. Nothing is offered for sale.',
  ]
}

function environment(project: SeedProject): string[] {
  const tonsAvoided = (project.annualMwh * 45n) / 100n
  return [
    project.name,
    `Emissions avoided: about ${tonsAvoided.toLocaleString('en-US')} tons of CO2e a year, at 0.45 t/MWh.`,
    'Land, water, noise and wildlife were surveyed over four seasons. Each measure below has a person who answers for it and a date.',
    ...project.updates.filter(({ kind }) => kind === 'community').map(({ title, content }) => `${title}: ${content}`),
    'Complaints are answered within ten days; the list of complaints is public.',
  ]
}

function model(project: SeedProject): string {
  const raisedCents = project.unitPriceCents * project.unitsOffered
  const rows = Array.from({ length: project.exitYears }, (_, year) => {
    // Half a per cent of output is lost with every year of age.
    const mwh = (project.annualMwh * BigInt(1_000 - 5 * year)) / 1_000n
    const payoutCents = (raisedCents * BigInt(project.expectedReturnBps)) / 10_000n
    return `${2027 + year},${mwh},${payoutCents / 100n}.${(payoutCents % 100n).toString().padStart(2, '0')}`
  })
  return `year,generation_mwh,payout_usd\n${rows.join('\n')}\n`
}
