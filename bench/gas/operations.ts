/** Everything that is measured, in the order of the table. `per` says what one figure is for, when a call does many. */
export const OPERATIONS = {
  transferExisting: 'transfer → existing holder',
  transferPlain: 'transfer → existing holder, no country rule',
  transferFresh: 'transfer → fresh holder',
  transferAfterEpoch: 'transfer → existing holder, first after an epoch',
  batchExisting: 'transfer of 10 projects → existing holder',
  batchFresh: 'transfer of 10 projects → fresh holder',
  mintFreshPlain: 'mint → fresh holder, by the sale (no voucher)',
  mintFresh: 'mint → fresh holder, by voucher',
  mintExisting: 'mint → existing holder, by voucher',
  mintReplay: 'mint, identical replay',
  mintManyPlain: 'mint 100 orders by the sale, each',
  mintMany: 'mint 100 orders under one voucher, each',
  register: 'register 100 investors by attestation, each',
  open: 'open a distribution, any number of holders',
  openVote: 'open an epoch for votes',
  claimOne: 'claim, 1 round',
  claimTwelve: 'claim, 12 missed rounds',
  claimMany: 'claim for 50 holders in one call, each',
  payOne: 'pay one holder (one ERC-20 transfer in a transaction)',
  exit: 'exit of 100 holders in one call, each',
  exitReplay: 'exit of 100 holders already moved, each',
  forcedTransfer: 'forced transfer → existing holder',
  freeze: 'freeze units of a holder',
  relink: 'relink a wallet, one project',
  relinkMore: 'relink a wallet, each further project',
  permit: 'approve by signature',
  saleCommit: 'sale: commit stablecoin',
  saleSettle: 'sale: settle 50 commitments in one call, each',
  saleRefund: 'sale: refund of a commitment',
  propose: 'propose, with the register of its votes',
  vote: 'vote on a proposal',
} as const

export type Operation = keyof typeof OPERATIONS

export const SUITES = {
  ours: 'Terra Lumina',
  oz: 'OpenZeppelin',
  ozSupply: 'OZ Supply',
  solady: 'solady',
  trex: 'T-REX bare',
  trexProxied: 'T-REX',
  usual: 'usual way',
} as const

export type Suite = keyof typeof SUITES

/** Gas by suite and operation. */
export type Figures = Partial<Record<Suite, Partial<Record<Operation, number>>>>
