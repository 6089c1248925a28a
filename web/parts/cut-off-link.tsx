import { Notice } from './notice.tsx'

/** What a page says when the link that led to it lacks its secret. */
export function CutOffLink() {
  return (
    <Notice tone="bad" title="This link is not complete">
      <p>Open it from the mail once more, or copy all of it: mail programs sometimes cut long links off.</p>
    </Notice>
  )
}
