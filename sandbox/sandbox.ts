import fastify, { type FastifyInstance } from 'fastify'
import type { Static } from 'typebox'
import { control } from './control.ts'
import { openDeliverer } from './deliver.ts'
import type { SandboxEnv } from './env.ts'
import { faultsFor } from './faults.ts'
import { rangeApi } from './hibp/api.ts'
import { inbox } from './mail/inbox.ts'
import { openSink } from './mail/sink.ts'
import { onfidoApi } from './onfido/api.ts'
import { onfidoForm } from './onfido/form-page.ts'
import { signOnfido } from './onfido/signature.ts'
import { completeDue } from './onfido/vendor.ts'
import { PAGE_HEADERS, page } from './page.ts'
import { openStore } from './state.ts'
import { stripeApi } from './stripe/api.ts'
import { settleDebits } from './stripe/bank-debits.ts'
import { checkoutPage } from './stripe/checkout-page.ts'
import { expireDue } from './stripe/sessions.ts'
import { signStripe } from './stripe/signature.ts'
import { sumsubApi } from './sumsub/api.ts'
import { sumsubForm } from './sumsub/form-page.ts'
import { signSumsub } from './sumsub/signature.ts'

export interface Sandbox {
  url: string
  smtpPort: number
  close(): Promise<void>
}

const TICK_MS = 250

/** Starts every vendor; each speaks its own wire format under its own paths on one port, mail on another. */
export async function startSandbox(env: Static<typeof SandboxEnv>, now: () => Date): Promise<Sandbox> {
  const store = openStore(env.SANDBOX_STATE)
  const deliverer = openDeliverer(
    store,
    {
      stripe: { url: env.STRIPE_WEBHOOK_URL, secret: env.STRIPE_WEBHOOK_SECRET, sign: signStripe },
      onfido: { url: env.ONFIDO_WEBHOOK_URL, secret: env.ONFIDO_WEBHOOK_TOKEN, sign: signOnfido },
      sumsub: { url: env.SUMSUB_WEBHOOK_URL, secret: env.SUMSUB_WEBHOOK_SECRET ?? '', sign: signSumsub },
    },
    () => now().getTime(),
  )
  let url = env.PUBLIC_URL ?? `http://localhost:${env.SANDBOX_PORT}`
  const vendor = { store, deliverer, now, baseUrl: () => url }

  const app = fastify({ logger: false, forceCloseConnections: true, bodyLimit: 1_048_576 })
  const faults = faultsFor(app)
  app.get('/', async (_request, reply) => reply.headers(PAGE_HEADERS).send(home()))
  app.get('/health', async () => ({ ok: true }))
  await app.register(stripeApi, { prefix: '/v1', vendor, secretKey: env.STRIPE_SECRET_KEY })
  await app.register(checkoutPage, { vendor })
  await app.register(onfidoApi, { prefix: '/v3.6', vendor, apiToken: env.ONFIDO_API_TOKEN })
  await app.register(onfidoForm, { vendor })
  if (env.SUMSUB_APP_TOKEN !== undefined && env.SUMSUB_SECRET_KEY !== undefined)
    await app.register(sumsubApi, { prefix: '/resources', vendor, appToken: env.SUMSUB_APP_TOKEN, secretKey: env.SUMSUB_SECRET_KEY })
  await app.register(sumsubForm, { vendor })
  await app.register(rangeApi)
  await app.register(inbox, { store })
  await app.register(control, { prefix: '/_sandbox', vendor, faults })

  const sink = await openSink(store, env.SANDBOX_SMTP_PORT, env.HOST, now)
  await app.listen({ port: env.SANDBOX_PORT, host: env.HOST })
  if (env.PUBLIC_URL === undefined) url = `http://localhost:${portOf(app)}`
  const timer = setInterval(() => {
    expireDue(vendor)
    settleDebits(vendor, env.SANDBOX_DEBIT_SECONDS)
    completeDue(vendor)
    void deliverer.run()
  }, TICK_MS)

  return {
    url,
    smtpPort: sink.port,
    async close() {
      clearInterval(timer)
      await Promise.all([app.close(), sink.close()])
      store.close()
    },
  }
}

function portOf(app: FastifyInstance): number {
  return (app.server.address() as { port: number }).port
}

function home(): string {
  return page(
    'Vendor sandbox',
    '<h1>Vendor sandbox</h1><p>Stripe under <code>/v1</code>, Onfido under <code>/v3.6</code>, Sumsub under <code>/resources</code>, breached passwords under <code>/range</code>, mail in the <a href="/inbox">inbox</a>. Nothing here is real.</p>',
  )
}
