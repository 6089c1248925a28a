import { type Hex, toEventSelector } from 'viem'
import { ownershipAbi } from '../../common/abi.ts'
import { LEDGER_STATES } from '../../common/ledger-states.ts'
import { LEDGER_ROLES } from '../../common/node/access.ts'
import { exitReaders } from './exit.ts'
import { fact } from './facts.ts'
import { lotReaders } from './lots.ts'
import { NOT_MIRRORED, openReader } from './reader.ts'
import { int, lower, projectId, text, unexpected } from './values.ts'

/** What every ERC-1155 contract emits. */
const STANDARD_EVENTS = ['TransferSingle', 'TransferBatch', 'ApprovalForAll', 'URI']
/** The topics of {@link STANDARD_EVENTS}. */
export const STANDARD_TOPICS: ReadonlySet<Hex> = new Set(
  ownershipAbi.flatMap((item) => (item.type === 'event' && STANDARD_EVENTS.includes(item.name) ? [toEventSelector(item)] : [])),
)

/** Members of ITerraLuminaOwnership.Role by number, in lower case as the database writes them. */
const ROLES = ['none', ...Object.keys(LEDGER_ROLES).map((name) => name.replace(/(?<=.)[A-Z]/g, '_$&').toLowerCase())]

/** The ledger. Nothing but this file and its siblings say `id` and `value`. */
export const readerOfLedger = openReader(ownershipAbi, {
  TransferSingle: ({ operator, from, to, id, value }) => fact('transfer', { batch_index: 0, ...moved(operator, from, to, id, value) }),
  TransferBatch: ({ operator, from, to, ids, values }) => {
    if (ids.length !== values.length) unexpected('a batch with another number of ids than of values')
    return ids.map((id, at) => fact('transfer', { batch_index: at, ...moved(operator, from, to, id, values[at]!) }))
  },
  ApprovalForAll: ({ account, operator, approved }) =>
    fact('approval_set', { account: lower(account), operator: lower(operator), is_approved: approved }),
  URI: ({ id, value }) => fact('uri_set', { project_id: projectId(id), uri: text(value) }),

  ProjectCreated: ({ projectId: id, terms }) =>
    fact('project_created', {
      project_id: projectId(id),
      cap: terms.cap,
      max_holders: BigInt(terms.maxHolders),
      lock_days: terms.lockDays,
      payout_token: lower(terms.payoutToken),
      exit_target_per_unit: terms.exitTargetPerUnit,
      max_holder_bps: terms.maxHolderBps,
      daily_mint_cap: terms.dailyMintCap,
      treasury: lower(terms.treasury),
      buy_out_per_unit: terms.buyOutPerUnit,
    }),
  ProjectStateChanged: ({ projectId: id, state, reason }) =>
    fact('project_state', { project_id: projectId(id), state: LEDGER_STATES[state] ?? unexpected(`state ${state}`), reason }),
  MetadataSet: ({ projectId: id, version, metadataHash, uri }) =>
    fact('metadata', { project_id: projectId(id), version: int(version), metadata_hash: metadataHash, uri: text(uri) }),
  MetadataFrozen: ({ projectId: id, version }) => fact('metadata_freeze', { project_id: projectId(id), version: int(version) }),
  DailyMintCapSet: ({ projectId: id, units }) => fact('mint_cap_set', { project_id: projectId(id), units }),
  RulesSet: ({ projectId: id, rules }) => fact('rules_set', { project_id: projectId(id), rules: lower(rules) }),
  CountriesSet: ({ projectId: id, blocked }) => {
    const [word_0, word_1, word_2, word_3] = blocked
    return fact('countries_set', { project_id: projectId(id), word_0, word_1, word_2, word_3 })
  },
  EpochOpened: ({ projectId: id, epoch, supply, amount, cumulativePerUnit }) =>
    fact('epoch', { project_id: projectId(id), epoch: int(epoch), supply, amount, cumulative_per_unit: cumulativePerUnit }),

  AccountSet: ({ account, flags, expiry, country, class: investorClass, investorId }) =>
    fact('account_set', {
      account: lower(account),
      flags,
      expires_at: BigInt(expiry),
      country,
      class: investorClass,
      investor_id: investorId,
    }),
  WalletRelinked: ({ investorId, from, to }) =>
    fact('wallet_relink', { investor_id: investorId, from_address: lower(from), to_address: lower(to) }),

  RoleSet: ({ account, role }) => fact('role_set', { account: lower(account), role: ROLES[role] ?? unexpected(`role ${role}`) }),
  AuthorityUpdated: ({ authority }, contract) => fact('authority_set', { contract, authority: lower(authority) }),
  NonceUsed: ({ owner, nonce }, contract) => fact('nonce_use', { contract, owner: lower(owner), nonce }),
  Paused: ({ account }) => fact('ledger_pause', { is_paused: true, account: lower(account) }),
  Unpaused: ({ account }) => fact('ledger_pause', { is_paused: false, account: lower(account) }),
  // Declared by ERC-5267; the domain is fixed, so it is never emitted, and it says nothing.
  EIP712DomainChanged: NOT_MIRRORED,
  ...lotReaders,
  ...exitReaders,
})

function moved(operator: Hex, from: Hex, to: Hex, id: bigint, value: bigint) {
  return { operator: lower(operator), from_address: lower(from), to_address: lower(to), project_id: projectId(id), units: value }
}
