/** Escapes text for HTML content and quoted attributes. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`)
}

const STYLE = `
  :root { color-scheme: light dark; }
  body { font: 16px/1.5 system-ui, sans-serif; max-width: 34rem; margin: 2rem auto; padding: 0 1rem; }
  body.wide { max-width: 60rem; }
  h1 { font-size: 1.4rem; } label { display: block; margin: .8rem 0 .2rem; }
  input:not([type=checkbox]), select { font: inherit; width: 100%; box-sizing: border-box; padding: .5rem; }
  button { font: inherit; padding: .6rem 1.2rem; margin-top: 1.2rem; cursor: pointer; }
  .row { display: grid; grid-template-columns: 1fr 1fr; gap: 1rem; }
  .note { background: #8882; padding: .6rem .8rem; border-radius: .3rem; }
  .error { border-left: .3rem solid #c22; padding: .4rem .8rem; }
  table { border-collapse: collapse; width: 100%; } td, th { text-align: left; padding: .3rem .6rem .3rem 0; vertical-align: top; }
  pre { white-space: pre-wrap; overflow-wrap: anywhere; }
  @media (max-width: 40rem) {
    .wide thead { display: none; } .wide tr { display: block; padding: .6rem 0; border-bottom: 1px solid #8884; }
    .wide td, .wide th { display: block; padding: 0; }
  }`

/** A whole page without scripts. `body` is HTML: escape what comes from outside. */
export function page(title: string, body: string, options: { wide?: boolean } = {}): string {
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${escapeHtml(title)}</title><style>${STYLE}</style></head>
<body${options.wide ? ' class="wide"' : ''}><main>
${body}
</main></body>
</html>
`
}

/** Headers of every page: nothing is loaded from anywhere, nothing may frame it. */
export const PAGE_HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'",
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
} as const
