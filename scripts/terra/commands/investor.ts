import { type Command, InvalidArgumentError } from 'commander'
import { isAddress } from 'viem'
import { requestRegistration } from '../../../api/mint/registrations.ts'
import type { Db } from '../../../common/node/db.ts'
import { CliError } from '../cli-error.ts'
import { addCommand, type Outcome, run } from '../command.ts'
import { type Context, need, openDatabase, openStage } from '../context.ts'
import { drainQueue, readQueue } from '../drain-mints.ts'
import { openKey } from '../key.ts'
import { openEngine } from '../open-engine.ts'
import { confirm, type Terminal } from '../terminal.ts'

/** `terra investor register`: writes a verified investor's account record on chain. */
export function addInvestorCommands(program: Command, terminal: Terminal): void {
  const parent = program.command('investor').summary('register investors on chain').description('Register investors on chain.')
  addCommand(parent, {
    usage: 'register',
    summary: "write a verified investor's account record on chain",
    details:
      'The worker does this by itself as soon as the identity check is passed and a wallet is proven; use it when the worker is down or an approval ' +
      'was renewed. Nobody is registered without both. Signs the attestation with ATTESTOR_KEYSTORE and sends with MINTER_KEYSTORE; what is waiting in the same queue is seen to as by `mint`. --keystore is not used.',
    examples: ['investor register 7b0c…-…', 'investor register 0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed --dry-run'],
  })
    .argument('<investor>', 'the account id, or the address of the proven wallet', parseInvestor)
    .action(run(terminal, register))
}

interface Investor {
  accountId: string
  investorId: string
  wallet: string | null
  kyc: string
  isOnChain: boolean
}

async function register(context: Context, _options: object, asked: string): Promise<Outcome> {
  const stage = await openStage(context)
  const pool = await openDatabase(context)
  const investor = await findInvestor(pool, asked, context.clock())
  if (!investor)
    throw new CliError('NOT_FOUND', `No account is known by ${asked}`, {
      hint: 'the account id, or an address that was proven by signature',
    })
  const facts = { accountId: investor.accountId, investorId: investor.investorId, wallet: investor.wallet }
  if (investor.kyc !== 'approved')
    throw new CliError('NOT_READY', `The identity check stands at "${investor.kyc}"`, { hint: 'wait until it is approved' })
  if (investor.wallet === null)
    throw new CliError('NOT_READY', 'No wallet is proven', { hint: 'the investor proves one by signing in with it' })
  if (investor.isOnChain)
    return {
      data: { status: 'already_done', ...facts },
      text: `Investor ${investor.investorId} is registered with ${investor.wallet}. Nothing was sent.`,
    }
  if (context.options.dryRun)
    return {
      data: { status: 'planned', ...facts },
      text: `Investor ${investor.investorId} would be registered with ${investor.wallet}. Nothing was sent.`,
    }
  await confirm(context.terminal, `Register investor ${investor.investorId} with ${investor.wallet}?`, context.options.yes ?? false)
  const keystore = need(context.settings.attestorKeystore, "the attestor's keystore", 'ATTESTOR_KEYSTORE')
  const attestor = await openKey(context.terminal, keystore, context.settings.keystorePassword)
  const engine = await openEngine(context, stage, pool)
  await requestRegistration({ ...engine, attestor }, investor.accountId)
  const wanted = { kind: 'register', accountId: investor.accountId } as const
  await drainQueue(engine, wanted, context.progress, 'Registering')
  const { review } = await readQueue(pool, wanted)
  if (review > 0)
    throw new CliError('REFUSED', 'The registration is set aside for a person', { hint: 'see review_reason in app.chain_intent' })
  return { data: { status: 'registered', ...facts }, text: `Investor ${investor.investorId} is registered with ${investor.wallet}.` }
}

function parseInvestor(text: string): string {
  if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text) || isAddress(text, { strict: false })) return text.toLowerCase()
  throw new InvalidArgumentError('Give an account id (a UUID) or an address.')
}

async function findInvestor(db: Db, asked: string, now: Date): Promise<Investor | undefined> {
  const { rows } = await db.query<Investor>(
    `select a.id as "accountId", a.investor_id as "investorId", w.address as wallet, coalesce(k.state, 'none') as kyc,
       exists (
         select from chain.account o
         where o.account = w.address and o.investor_id = a.investor_id and o.flags & 3 = 3 and o.expires_at > $2
       ) as "isOnChain"
     from app.account a
     left join app.wallet w on w.account_id = a.id and w.active
     left join lateral (
       select state from app.kyc_check where account_id = a.id order by decided_at is null, created_at desc limit 1
     ) k on true
     where a.id::text = $1 or a.id = (select account_id from app.wallet where address = $1)`,
    [asked, now],
  )
  return rows[0]
}
