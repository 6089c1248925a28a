import type { Exemption, Technology } from '../../common/wire.ts'

/** An issuer of the local world. The e-mail is its only member's login. */
export interface SeedIssuer {
  key: string
  name: string
  country: string
  website: string
  email: string
  person: string
}

/** A project of the local world, as its issuer would type it in. */
export interface SeedProject {
  key: string
  issuer: string
  name: string
  summary: string
  description: string
  technology: Technology
  buildStatus: 'planning' | 'construction' | 'operating'
  country: string
  city: string
  latitude: number
  longitude: number
  capacityKw: bigint
  annualMwh: bigint
  unitPriceCents: bigint
  unitsOffered: bigint
  minInvestmentCents: bigint
  expectedReturnBps: number
  exitYears: number
  lockDays: number
  exemption?: Exemption
  updates: { kind: 'progress' | 'financial' | 'community'; title: string; content: string }[]
}

/** An investor of the local world. The wallet's key is derived from `key`; see wallets.ts. */
export interface SeedInvestor {
  key: string
  firstName: string
  lastName: string
  email: string
  country: string
  birthDate: string
}
