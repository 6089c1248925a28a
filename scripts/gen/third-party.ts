import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

interface Locked {
  version?: string
  license?: string
  dev?: boolean
  name?: string
}

const HEAD = `# Third-party software

Written by \`npm run gen\` from package.json and package-lock.json. Do not edit.

Terra Lumina itself is Apache-2.0. What it uses:
`

const NOTE = `
## Not open source

\`@web3auth/modal\` and parts it brings (\`@web3auth/*\`, \`@toruslabs/*\`, \`@metamask/connect-*\`, \`@walletconnect/*\`) come under licences that are
**not open source**: non-commercial use, or a limited number of monthly users; some are GPL-3.0. The web app contains none of it
unless it is built with \`VITE_WEB3AUTH_CLIENT_ID\` set. Whoever sets it accepts those terms for their own deployment and passes the
same restrictions on to whom they hand the build.
`

/** The text of THIRD-PARTY.md: each direct dependency with version and licence, then all licences that were locked, counted. */
export async function thirdPartyList(root: string): Promise<string> {
  const manifest = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'))
  const { packages } = JSON.parse(await readFile(join(root, 'package-lock.json'), 'utf8')) as { packages: Record<string, Locked> }
  const rows = (names: Record<string, string>) =>
    Object.keys(names).map((name) => {
      const locked = packages[`node_modules/${name}`]
      const alias = locked?.name && locked.name !== name ? ` (${locked.name})` : ''
      return `| ${name}${alias} | ${locked?.version ?? '?'} | ${locked?.license ?? 'see its own file'} |`
    })
  const counts = new Map<string, number>()
  for (const [path, { license }] of Object.entries(packages)) {
    if (path !== '') counts.set(license ?? 'not stated in the lock file', (counts.get(license ?? 'not stated in the lock file') ?? 0) + 1)
  }
  const licences = [...counts].sort(([a, m], [b, n]) => n - m || a.localeCompare(b)).map(([licence, count]) => `| ${licence} | ${count} |`)
  const table = '| package | version | licence |\n| --- | --- | --- |\n'
  return `${HEAD}
## To run

${table}${rows(manifest.dependencies).join('\n')}

## To develop

${table}${rows(manifest.devDependencies).join('\n')}

## All locked packages, by licence

| licence | packages |
| --- | --: |
${licences.join('\n')}
${NOTE}`
}
