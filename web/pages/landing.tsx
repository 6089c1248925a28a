import { Link } from '@tanstack/react-router'
import { useTitle } from '../app.tsx'
import { FeaturedProjects } from '../parts/featured-projects.tsx'
import { LandscapePicture } from '../parts/landscape-picture.tsx'

const STEPS = [
  ['Look', 'Read a project’s prospectus, permits and model. Each file carries a fingerprint that you can check in your browser.'],
  [
    'Invest',
    'Verify your identity once, choose an amount and pay by card. Units are minted into your own wallet, not into an account of ours.',
  ],
  ['Earn', 'When a plant pays out, the money is in a contract before anybody hears of it. You claim your share whenever you like.'],
  [
    'Hand over',
    'Once a project has earned what it set out to earn, every unit goes to its community’s DAO, with proof that none is left out.',
  ],
] as const

const PROMISES = [
  ['The chain is the ledger', 'Balances here are read from a public chain at a block we name. Nobody can edit them, and that includes us.'],
  [
    'Paid once, minted once',
    'A payment carries a number that the contract accepts a single time, whatever happens to our machines in between.',
  ],
  ['Rules you can read', 'If you may not invest, you see which rule says so, since when it holds and where it is written.'],
] as const

/** What this is and how it works. Loads neither the query cache nor a wallet library. */
export function Landing() {
  useTitle('Own a share of clean energy')
  return (
    <>
      <section className="relative overflow-hidden">
        <div className="mx-auto max-w-6xl px-4 pt-12 pb-10 sm:pt-20 sm:pb-14">
          <p className="eyebrow">Renewable energy, held in units</p>
          <h1 className="mt-4 max-w-3xl text-4xl!">Own a share of where the power comes from.</h1>
          <p className="mt-6 max-w-xl text-lg text-soft">
            Put money into a named solar park, wind farm or hydro plant. You hold your units yourself, and you can check every one of them.
          </p>
          <p className="mt-8 flex flex-wrap gap-3">
            <Link to="/projects" className="btn btn-main">
              See the projects
            </Link>
            <Link to="/register" className="btn btn-line">
              Create an account
            </Link>
          </p>
        </div>
        <LandscapePicture
          seed={29}
          technologies={['hydro', 'wind', 'solar', 'biomass', 'geothermal']}
          width={1600}
          height={360}
          className="h-56 w-full sm:h-80"
        />
      </section>

      <div className="mx-auto max-w-6xl px-4">
        <section aria-labelledby="featured" className="pt-16">
          <div className="flex flex-wrap items-end justify-between gap-3">
            <h2 id="featured" className="text-2xl!">
              Taking shape now
            </h2>
            <Link to="/projects" className="link">
              All projects
            </Link>
          </div>
          <FeaturedProjects />
        </section>

        <section aria-labelledby="how" className="pt-20">
          <h2 id="how" className="text-2xl!">
            From a field to your wallet, and on to its neighbours
          </h2>
          <ol className="mt-8 grid gap-x-8 gap-y-10 sm:grid-cols-2 lg:grid-cols-4">
            {STEPS.map(([title, text], index) => (
              <li key={title} className="border-t-2 border-lumen pt-4">
                <p className="numbers font-display text-xl text-lumen-ink" aria-hidden="true">
                  {index + 1}
                </p>
                <h3 className="mt-1">{title}</h3>
                <p className="mt-2 text-soft">{text}</p>
              </li>
            ))}
          </ol>
        </section>

        <section aria-labelledby="trust" className="pt-20">
          <div className="rounded-3xl bg-slab px-6 py-10 text-on-slab sm:px-12 sm:py-14">
            <h2 id="trust" className="text-2xl!">
              Don’t trust us. Check.
            </h2>
            <dl className="mt-8 grid gap-8 md:grid-cols-3">
              {PROMISES.map(([title, text]) => (
                <div key={title}>
                  <dt className="font-display text-lg font-semibold">{title}</dt>
                  <dd className="mt-2">{text}</dd>
                </div>
              ))}
            </dl>
          </div>
        </section>
      </div>
    </>
  )
}
