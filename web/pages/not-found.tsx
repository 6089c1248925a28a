import { Link } from '@tanstack/react-router'
import { useTitle } from '../app.tsx'
import { LandscapePicture } from '../parts/landscape-picture.tsx'

/** No page has this address. */
export function NotFound() {
  useTitle('Page not found')
  return (
    <div className="mx-auto max-w-3xl px-4 py-12">
      <LandscapePicture seed={404} technologies={['none']} width={800} height={240} className="h-48 w-full rounded-2xl" />
      <h1 className="mt-8">Nothing stands here</h1>
      <p className="mt-3 text-lg text-soft">The address may be old or mistyped.</p>
      <p className="mt-6 flex flex-wrap gap-3">
        <Link to="/projects" className="btn btn-main">
          See all projects
        </Link>
        <Link to="/" className="btn btn-line">
          Start page
        </Link>
      </p>
    </div>
  )
}
