import { type Static, type TSchema, Type } from 'typebox'
import { Permission } from './permissions.ts'

/** What crosses HTTP. Integers that can be large travel as decimal strings; times as ISO 8601 in UTC. */

export const Uint = Type.String({ pattern: '^(0|[1-9][0-9]{0,77})$', description: 'Integer as a decimal string' })
/** What fits the database's integers of money: below 10^18. */
export const Cents = Type.String({ pattern: '^(0|[1-9][0-9]{0,17})$', description: 'Cents as a decimal string, below 10^18' })
export const Int = Type.String({ pattern: '^-?(0|[1-9][0-9]{0,77})$' })
export const Address = Type.String({ pattern: '^0x[0-9a-fA-F]{40}$' })
export const Hash = Type.String({ pattern: '^0x[0-9a-f]{64}$' })
export const Uuid = Type.String({ pattern: '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$' })
export const Time = Type.String({ description: 'ISO 8601, UTC' })
export const Country = Type.String({ pattern: '^[A-Z]{2}$', description: 'ISO 3166-1 alpha-2' })
export const Cid = Type.String({ minLength: 46, maxLength: 128 })
export const Nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()])

export const literals = <T extends string>(...values: T[]) => Type.Unsafe<T>(Type.Union(values.map((value) => Type.Literal(value))))

export const Role = literals('investor', 'issuer', 'operator', 'analyst', 'support', 'compliance', 'admin', 'super_admin', 'dao')
export type Role = Static<typeof Role>
export const Technology = literals('solar', 'wind', 'hydro', 'geothermal', 'biomass', 'storage')
export type Technology = Static<typeof Technology>
export const BuildStatus = literals('planning', 'construction', 'operating')
export const KycState = literals('none', 'started', 'in_review', 'approved', 'rejected', 'expired')
export type KycState = Static<typeof KycState>
/** Where a project stands: until it is opened on chain `draft` and `submitted`, as far as its issuer has come; then as on chain. */
export const ProjectState = literals('draft', 'submitted', 'funding', 'active', 'paused', 'exit_announced', 'exiting', 'exited', 'closed')
export type ProjectState = Static<typeof ProjectState>
export const InvestmentState = literals(
  'awaiting_payment',
  'paid',
  'minting',
  'settled',
  'cancelled',
  'expired',
  'payment_failed',
  'refund_due',
  'refunded',
  'review',
)
export type InvestmentState = Static<typeof InvestmentState>
/** What the page shows while units travel: each step is true only once it was seen. */
export const InvestmentProgress = literals('awaiting_payment', 'processing', 'paid', 'minting', 'minted', 'indexed', 'final', 'stopped')
export type InvestmentProgress = Static<typeof InvestmentProgress>

export const Meta = Type.Object({
  timestamp: Time,
  version: Type.String(),
  requestId: Type.String(),
  nextCursor: Type.Optional(Nullable(Type.String())),
  total: Type.Optional(Type.Integer()),
})
export const Envelope = <T extends TSchema>(data: T) => Type.Object({ success: Type.Literal(true), data, meta: Meta })
export const Failure = Type.Object({
  success: Type.Literal(false),
  error: Type.Object({ code: Type.String(), message: Type.String(), details: Type.Record(Type.String(), Type.Unknown()) }),
  meta: Meta,
})
export type Failure = Static<typeof Failure>

export const User = Type.Object({
  id: Uuid,
  investorId: Uint,
  email: Nullable(Type.String()),
  /** A link sent there was used. */
  isEmailProven: Type.Boolean(),
  displayName: Nullable(Type.String()),
  country: Nullable(Country),
  role: Role,
  /** What the account may do at this moment. */
  permissions: Type.Array(Permission),
  kyc: KycState,
  /** The one proven wallet that receives units. */
  wallet: Nullable(Address),
  /** True once the account record is on chain for that wallet and not expired. */
  registeredOnChain: Type.Boolean(),
  issuerId: Nullable(Uuid),
  createdAt: Time,
})
export type User = Static<typeof User>

export const Session = Type.Object({ accessToken: Type.String(), refreshToken: Type.String(), expiresIn: Type.Integer(), user: User })
export type Session = Static<typeof Session>

/** One sign-in: the tokens that were rotated since belong to it. */
export const SessionInfo = Type.Object({
  id: Uuid,
  userAgent: Nullable(Type.String()),
  current: Type.Boolean(),
  createdAt: Time,
  lastUsedAt: Time,
  expiresAt: Time,
})
export type SessionInfo = Static<typeof SessionInfo>

/** An address that the account has proven by signature. Only the active one receives units. */
export const Wallet = Type.Object({ address: Address, active: Type.Boolean(), provenAt: Time })
export type Wallet = Static<typeof Wallet>

export const Kyc = Type.Object({ state: KycState, formUrl: Nullable(Type.String()), decidedAt: Nullable(Time), expiresAt: Nullable(Time) })
export type Kyc = Static<typeof Kyc>

export const ProjectCard = Type.Object({
  projectId: Type.Integer(),
  slug: Type.String(),
  name: Type.String(),
  summary: Type.String(),
  issuer: Type.String(),
  technology: Technology,
  buildStatus: BuildStatus,
  state: ProjectState,
  country: Country,
  city: Type.String(),
  latitude: Type.Number(),
  longitude: Type.Number(),
  capacityKw: Uint,
  annualMwh: Uint,
  currency: Type.String(),
  unitPriceCents: Uint,
  minInvestmentCents: Uint,
  targetCents: Uint,
  /** Minted units at their price, from the mirror. */
  raisedCents: Uint,
  unitsOffered: Uint,
  unitsMinted: Uint,
  /** Offered less minted less reserved. */
  unitsRemaining: Uint,
  expectedReturnBps: Type.Integer(),
  exitYears: Type.Integer(),
})
export type ProjectCard = Static<typeof ProjectCard>

export const OnChain = Type.Object({
  chainId: Type.Integer(),
  contract: Address,
  createdTx: Hash,
  createdBlock: Uint,
  metadataHash: Hash,
  metadataUri: Type.String(),
  payoutToken: Address,
  exitTargetPerUnit: Uint,
  asOfBlock: Uint,
})
/** From registration in US law, or from the prospectus in EU law: under which an offering is sold. */
export const Exemption = Type.Union([
  Type.Literal('reg_cf'),
  Type.Literal('reg_d_506b'),
  Type.Literal('reg_d_506c'),
  Type.Literal('reg_a_tier_2'),
  Type.Literal('reg_s'),
  Type.Literal('ecsp'),
])
export type Exemption = Static<typeof Exemption>

export const ProjectDetail = Type.Intersect([
  ProjectCard,
  Type.Object({
    issuerId: Uuid,
    /** How the issuer shows itself; null where it says nothing. */
    brand: Type.Object({ tagline: Nullable(Type.String()), accent: Nullable(Type.String()), supportEmail: Nullable(Type.String()) }),
    description: Type.String(),
    exemption: Nullable(Exemption),
    lockDays: Type.Integer(),
    closesAt: Nullable(Time),
    holders: Type.Integer(),
    distributedAmount: Uint,
    metadataCid: Nullable(Cid),
    onChain: Nullable(OnChain),
    createdAt: Time,
  }),
])
export type ProjectDetail = Static<typeof ProjectDetail>

export const Document = Type.Object({
  id: Uuid,
  kind: Type.String(),
  title: Type.String(),
  fileName: Type.String(),
  mediaType: Type.String(),
  bytes: Uint,
  cid: Cid,
  sha256: Hash,
  createdAt: Time,
})
export type Document = Static<typeof Document>
export const ProjectUpdate = Type.Object({ id: Uuid, kind: Type.String(), title: Type.String(), content: Type.String(), publishedAt: Time })
export type ProjectUpdate = Static<typeof ProjectUpdate>

export const Investment = Type.Object({
  id: Uuid,
  chainInvestmentId: Hash,
  projectId: Type.Integer(),
  projectName: Type.String(),
  wallet: Address,
  units: Uint,
  unitPriceCents: Uint,
  amountCents: Uint,
  currency: Type.String(),
  state: InvestmentState,
  progress: InvestmentProgress,
  checkoutUrl: Nullable(Type.String()),
  reservedUntil: Time,
  /** Before this moment the order can be taken back without a reason, paid or not, and nothing is minted. */
  cancelUntil: Nullable(Time),
  txHash: Nullable(Hash),
  blockNumber: Nullable(Uint),
  failureCode: Nullable(Type.String()),
  createdAt: Time,
  updatedAt: Time,
})
export type Investment = Static<typeof Investment>

export const Position = Type.Object({
  projectId: Type.Integer(),
  projectName: Type.String(),
  state: ProjectState,
  units: Uint,
  currency: Type.String(),
  unitPriceCents: Uint,
  valueCents: Uint,
  /** Payout-token base units (USDC has 6 decimals). */
  claimable: Uint,
  claimed: Uint,
  /** Set once the units went to the community DAO. */
  closedAt: Nullable(Time),
  closedUnits: Uint,
})
export type Position = Static<typeof Position>
export const Portfolio = Type.Object({
  wallet: Nullable(Address),
  asOfBlock: Uint,
  finalBlock: Uint,
  /** Of the positions that are priced in US dollars. */
  valueCents: Uint,
  /** The same for each currency in which a position is priced. */
  values: Type.Array(Type.Object({ currency: Type.String(), valueCents: Uint })),
  claimable: Uint,
  claimed: Uint,
  positions: Type.Array(Position),
  /** Investments paid or being minted, not yet in the wallet. */
  pending: Type.Array(Investment),
})
export type Portfolio = Static<typeof Portfolio>

export const Distribution = Type.Object({
  projectId: Type.Integer(),
  projectName: Type.String(),
  epoch: Type.Integer(),
  token: Address,
  amount: Uint,
  supply: Uint,
  /** This wallet's share; null when nobody is signed in. */
  share: Nullable(Uint),
  claimed: Nullable(Type.Boolean()),
  reportHash: Hash,
  reportUri: Type.String(),
  txHash: Hash,
  paidAt: Time,
})
export type Distribution = Static<typeof Distribution>

/** What a wallet needs to claim: the call is the holder's to sign. */
export const ClaimCall = Type.Object({
  to: Address,
  data: Type.String(),
  chainId: Type.Integer(),
  projectIds: Type.Array(Type.Integer()),
  amount: Uint,
})
export type ClaimCall = Static<typeof ClaimCall>

/** What each filter value would leave, over listed projects. */
const Facet = Type.Array(Type.Object({ value: Type.String(), count: Type.Integer() }))
export const Facets = Type.Object({ technology: Facet, country: Facet, state: Facet, buildStatus: Facet })
export type Facets = Static<typeof Facets>

/** Who holds a project, largest first. `shareBps` is of the units minted. */
export const Holders = Type.Object({
  count: Type.Integer(),
  asOfBlock: Uint,
  top: Type.Array(Type.Object({ holder: Address, units: Uint, shareBps: Type.Integer() })),
})
export type Holders = Static<typeof Holders>

/** One rule that was asked: what it demands, what was seen, in words for people. */
export const Finding = Type.Object({
  code: Type.String(),
  passed: Type.Boolean(),
  message: Type.String(),
  citation: Type.String(),
  effectiveFrom: Time,
  /** What in the rule was not read in the law itself; null where everything was. */
  unconfirmed: Nullable(Type.String()),
})
export type Finding = Static<typeof Finding>
/** What an investor says of income and net worth, alone or together with a spouse. */
export const Finances = Type.Object({
  annualIncomeCents: Uint,
  netWorthCents: Uint,
  isJoint: Type.Boolean(),
  /** Committed under Regulation Crowdfunding on other platforms, in the twelve months before. */
  outsideCents: Uint,
  /** Committed by the spouse, here and elsewhere, where the figures are a couple's. */
  spouseCommittedCents: Nullable(Uint),
  statedAt: Time,
})
export type Finances = Static<typeof Finances>
/** May this account invest this amount now? A preview: the decision that counts is made with the order. */
export const Eligibility = Type.Object({
  allowed: Type.Boolean(),
  projectId: Type.Integer(),
  amountCents: Uint,
  units: Nullable(Uint),
  findings: Type.Array(Finding),
  /** Until when such an order could be taken back without a reason. */
  cancelUntil: Nullable(Time),
})
export type Eligibility = Static<typeof Eligibility>

/** The fields of the EIP-4361 message to sign; they bind to the browser that asked. */
export const SiweChallenge = Type.Object({
  nonce: Type.String(),
  domain: Type.String(),
  uri: Type.String(),
  chainId: Type.Integer(),
  statement: Type.String(),
  issuedAt: Time,
  expirationTime: Time,
})
export type SiweChallenge = Static<typeof SiweChallenge>

/** Opens one WebSocket within its short life. */
export const Ticket = Type.Object({ ticket: Type.String() })
export type Ticket = Static<typeof Ticket>

/** What the web app must know about where it runs. */
export const PublicConfig = Type.Object({
  chainId: Type.Integer(),
  chainName: Type.String(),
  rpcUrl: Type.String(),
  explorerUrl: Nullable(Type.String()),
  contracts: Type.Object({ ownership: Address, vault: Address, registrar: Address, payoutToken: Address }),
  payoutTokenSymbol: Type.String(),
  payoutTokenDecimals: Type.Integer(),
  siweDomain: Type.String(),
  /** Orders in these can be paid by bank transfer. */
  wireCurrencies: Type.Array(Type.String()),
})
export type PublicConfig = Static<typeof PublicConfig>

/** WebSocket messages, server to client. A hint never carries a number: the client asks again. */
export type FeedMessage =
  | { type: 'ready' }
  | { type: 'portfolio_update'; data: Portfolio }
  | { type: 'investment_update'; data: Investment }

/** Somebody whom an issuer knew before it made a private offering. */
export const Relationship = Type.Object({
  email: Type.String(),
  establishedOn: Type.String({ description: 'YYYY-MM-DD' }),
  how: Type.String(),
  judgement: Nullable(literals('alone', 'representative')),
  representative: Nullable(Type.String()),
  recordedAt: Time,
})
export type Relationship = Static<typeof Relationship>
