import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router'
import { Landing } from './pages/landing.tsx'
import { NotFound } from './pages/not-found.tsx'
import { Broken } from './parts/broken.tsx'
import { Shell } from './parts/shell.tsx'
import { readFilters } from './view/filters.ts'
import { readReviewFilter } from './view/review-filter.ts'
import { safeNext } from './view/safe-next.ts'

const rootRoute = createRootRoute({ component: Shell, notFoundComponent: NotFound, errorComponent: Broken })

const landing = createRoute({ getParentRoute: () => rootRoute, path: '/', component: Landing })

// Everything that asks the api more than once sits under this lazy layout, so the landing page loads neither the query cache nor a wallet library.
const data = createRoute({
  getParentRoute: () => rootRoute,
  id: 'data',
  component: lazyRouteComponent(() => import('./parts/data-layout.tsx'), 'DataLayout'),
})

const explore = createRoute({
  getParentRoute: () => data,
  path: '/projects',
  validateSearch: readFilters,
  component: lazyRouteComponent(() => import('./pages/explore.tsx'), 'Explore'),
})
const project = createRoute({
  getParentRoute: () => data,
  path: '/projects/$projectId',
  component: lazyRouteComponent(() => import('./pages/project.tsx'), 'ProjectPage'),
})
const invest = createRoute({
  getParentRoute: () => data,
  path: '/projects/$projectId/invest',
  component: lazyRouteComponent(() => import('./pages/invest.tsx'), 'Invest'),
})
const order = createRoute({
  getParentRoute: () => data,
  path: '/investments/$investmentId',
  component: lazyRouteComponent(() => import('./pages/order.tsx'), 'Order'),
})
const portfolio = createRoute({
  getParentRoute: () => data,
  path: '/portfolio',
  component: lazyRouteComponent(() => import('./pages/portfolio.tsx'), 'PortfolioPage'),
})
const returns = createRoute({
  getParentRoute: () => data,
  path: '/returns',
  component: lazyRouteComponent(() => import('./pages/returns.tsx'), 'Returns'),
})
const account = createRoute({
  getParentRoute: () => data,
  path: '/account',
  component: lazyRouteComponent(() => import('./pages/account.tsx'), 'Account'),
})
const security = createRoute({
  getParentRoute: () => data,
  path: '/account/security',
  component: lazyRouteComponent(() => import('./pages/security.tsx'), 'Security'),
})
const accreditation = createRoute({
  getParentRoute: () => data,
  path: '/account/accreditation',
  component: lazyRouteComponent(() => import('./pages/accreditation.tsx'), 'AccreditationPage'),
})
const wallets = createRoute({
  getParentRoute: () => data,
  path: '/account/wallets',
  component: lazyRouteComponent(() => import('./pages/wallets.tsx'), 'WalletsPage'),
})
const review = createRoute({
  getParentRoute: () => data,
  path: '/review',
  validateSearch: readReviewFilter,
  component: lazyRouteComponent(() => import('./pages/review.tsx'), 'Review'),
})
const reviewCase = createRoute({
  getParentRoute: () => data,
  path: '/review/$caseId',
  component: lazyRouteComponent(() => import('./pages/review-case.tsx'), 'ReviewCasePage'),
})
const issuer = createRoute({
  getParentRoute: () => data,
  path: '/issuer',
  component: lazyRouteComponent(() => import('./pages/issuer.tsx'), 'IssuerPage'),
})
const invitation = createRoute({
  getParentRoute: () => data,
  path: '/invitation',
  component: lazyRouteComponent(() => import('./pages/invitation.tsx'), 'InvitationPage'),
})
const readNext = (search: Record<string, unknown>): { next?: string } => {
  const next = safeNext(search.next)
  return next ? { next } : {}
}
const signIn = createRoute({
  getParentRoute: () => data,
  path: '/sign-in',
  validateSearch: readNext,
  component: lazyRouteComponent(() => import('./pages/sign-in.tsx'), 'SignIn'),
})
const register = createRoute({
  getParentRoute: () => data,
  path: '/register',
  validateSearch: readNext,
  component: lazyRouteComponent(() => import('./pages/register.tsx'), 'Register'),
})

const forgotPassword = createRoute({
  getParentRoute: () => data,
  path: '/forgot-password',
  component: lazyRouteComponent(() => import('./pages/forgot-password.tsx'), 'ForgotPassword'),
})
const resetPassword = createRoute({
  getParentRoute: () => data,
  path: '/reset-password',
  component: lazyRouteComponent(() => import('./pages/reset-password.tsx'), 'ResetPassword'),
})
const verifyEmail = createRoute({
  getParentRoute: () => data,
  path: '/verify-email',
  component: lazyRouteComponent(() => import('./pages/verify-email.tsx'), 'VerifyEmail'),
})

const routeTree = rootRoute.addChildren([
  landing,
  data.addChildren([
    explore,
    project,
    invest,
    order,
    portfolio,
    returns,
    account,
    security,
    accreditation,
    wallets,
    review,
    reviewCase,
    issuer,
    invitation,
    signIn,
    register,
    forgotPassword,
    resetPassword,
    verifyEmail,
  ]),
])

/** All pages by path. Scrolling and focus are the shell's; the router's own restoration would print an inline script, which the CSP forbids. */
export function buildRouter() {
  return createRouter({ routeTree, defaultPreload: 'intent', scrollRestoration: false })
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof buildRouter>
  }
}
