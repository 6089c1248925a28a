import type { RouteOptions } from 'fastify'
import type { Access } from './auth.ts'
import type { App } from './deps.ts'

/** A route as it was registered. */
export interface TableRow {
  method: string
  url: string
  /** What its scope asks of who calls; undefined when it asks nothing. */
  access: Access | undefined
  /** Whether the body is described by a schema. */
  hasBody: boolean
}

declare module 'fastify' {
  interface FastifyInstance {
    /** All routes, with what their scopes declare: who may call what is read from here, not from a second list. */
    routeTable(): TableRow[]
  }
}

/** Keeps the table of routes. To be called before any is registered. */
export function keepRouteTable(app: App): void {
  const routes: RouteOptions[] = []
  app.addHook('onRoute', (route) => void routes.push(route))
  app.decorate('routeTable', () =>
    routes.flatMap((route) =>
      // HEAD comes with every GET, in the same scope.
      [route.method]
        .flat()
        .filter((method) => method !== 'HEAD')
        .map((method) => ({ method, url: route.url, access: route.config?.access, hasBody: route.schema?.body !== undefined })),
    ),
  )
}
