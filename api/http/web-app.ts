import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import fastifyStatic from '@fastify/static'
import { AppError } from '../../common/errors.ts'
import type { App, Settings } from './deps.ts'

/** Serves the built web app: hashed files under /assets for ever, every other page request as index.html. */
export async function serveWebApp(app: App, settings: Settings): Promise<void> {
  const root = resolve(settings.webFolder)
  const isBuilt = existsSync(`${root}/index.html`)
  if (isBuilt) {
    await app.register(fastifyStatic, {
      root,
      cacheControl: false,
      setHeaders: (reply, path) => {
        reply.header('cache-control', path.startsWith(`${root}/assets/`) ? 'public, max-age=31536000, immutable' : 'no-cache')
      },
    })
  }
  app.setNotFoundHandler((request, reply) => {
    const wantsPage =
      request.method === 'GET' && request.headers.accept?.includes('text/html') === true && !/^\/(api|assets)\//.test(request.url)
    if (isBuilt && wantsPage) return reply.sendFile('index.html')
    throw new AppError('NOT_FOUND', 'Nothing is here')
  })
}
