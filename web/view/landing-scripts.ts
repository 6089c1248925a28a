/** What Vite writes to .vite/manifest.json, as far as it matters here. */
export type Manifest = Record<string, { file: string; isEntry?: boolean; imports?: string[]; dynamicImports?: string[] }>

/** The script files a browser loads for the landing page: the entry and everything it imports without asking. */
export function landingScripts(manifest: Manifest, entry = 'index.html'): string[] {
  const seen = new Set<string>()
  const queue = [entry]
  for (let key = queue.pop(); key !== undefined; key = queue.pop()) {
    const chunk = manifest[key]
    if (!chunk) throw new Error(`The build has no chunk ${key}.`)
    if (seen.has(key)) continue
    seen.add(key)
    queue.push(...(chunk.imports ?? []))
  }
  return [...seen]
    .map((key) => manifest[key]?.file ?? '')
    .filter((file) => file.endsWith('.js'))
    .sort()
}
