import type { Exemption, InvestmentState, KycState, ProjectState, Technology } from '../../common/wire.ts'

/** Names of fixed values, as people say them. */
export const TECHNOLOGY: Record<Technology, string> = {
  solar: 'Solar',
  wind: 'Wind',
  hydro: 'Hydro',
  geothermal: 'Geothermal',
  biomass: 'Biomass',
  storage: 'Storage',
}

/** Under which exemption an offering is sold. */
export const EXEMPTION: Record<Exemption, string> = {
  reg_cf: 'Regulation Crowdfunding',
  reg_d_506b: 'Rule 506(b): private offering',
  reg_d_506c: 'Rule 506(c): accredited investors',
  reg_a_tier_2: 'Regulation A, Tier 2',
  reg_s: 'Regulation S: outside the United States',
  ecsp: 'European crowdfunding: Regulation (EU) 2020/1503',
}

export const BUILD_STATUS: Record<string, string> = { planning: 'In planning', construction: 'Being built', operating: 'Operating' }

export type Tone = 'good' | 'wait' | 'calm' | 'bad'

export const PROJECT_STATE: Record<ProjectState, { word: string; tone: Tone; meaning: string }> = {
  draft: { word: 'Draft', tone: 'calm', meaning: 'Only the issuer sees this project.' },
  submitted: { word: 'Being listed', tone: 'wait', meaning: 'Its documents are fixed; it isn’t open yet.' },
  funding: { word: 'In its sale', tone: 'wait', meaning: 'Commitments are taken on chain. Units come when the target is reached.' },
  active: { word: 'Open', tone: 'good', meaning: 'You can invest and transfer units.' },
  paused: { word: 'Paused', tone: 'wait', meaning: 'No investments and no transfers for now. Returns can still be claimed.' },
  exit_announced: { word: 'Exit announced', tone: 'wait', meaning: 'No new investments. Units still move until the notice is over.' },
  exiting: { word: 'Exiting', tone: 'wait', meaning: 'Units are moving to the community DAO.' },
  exited: {
    word: 'Community-owned',
    tone: 'calm',
    meaning: 'Every unit belongs to the community DAO now. Unclaimed returns can still be claimed.',
  },
  closed: { word: 'Closed', tone: 'calm', meaning: 'It didn’t come about. There never was a unit, and whoever paid in gets it back.' },
}

export const KYC_STATE: Record<KycState, { word: string; tone: Tone; meaning: string }> = {
  none: { word: 'Not started', tone: 'calm', meaning: 'We ask who you are once, before your first investment.' },
  started: { word: 'Form open', tone: 'wait', meaning: 'Finish the form at our identity provider.' },
  in_review: { word: 'In review', tone: 'wait', meaning: 'The provider is checking what you sent. This page updates by itself.' },
  approved: { word: 'Verified', tone: 'good', meaning: 'Your identity is verified.' },
  rejected: { word: 'Not accepted', tone: 'bad', meaning: 'The provider could not verify you. You can start again with other documents.' },
  expired: { word: 'Expired', tone: 'bad', meaning: 'The check is too old. Please do it again.' },
}

export const INVESTMENT_STATE: Record<InvestmentState, { word: string; tone: Tone }> = {
  awaiting_payment: { word: 'Waiting for payment', tone: 'wait' },
  paid: { word: 'Paid', tone: 'wait' },
  minting: { word: 'Minting', tone: 'wait' },
  settled: { word: 'In your wallet', tone: 'good' },
  cancelled: { word: 'Cancelled', tone: 'calm' },
  expired: { word: 'Expired', tone: 'calm' },
  payment_failed: { word: 'Payment declined', tone: 'bad' },
  refund_due: { word: 'Refund on its way', tone: 'wait' },
  refunded: { word: 'Refunded', tone: 'calm' },
  review: { word: 'Being looked at', tone: 'wait' },
}

export const DOCUMENT_KIND: Record<string, string> = {
  prospectus: 'Prospectus',
  environmental: 'Environmental study',
  technical: 'Technical report',
  financial: 'Financial model',
  legal: 'Legal',
  report: 'Report',
  other: 'Document',
}
