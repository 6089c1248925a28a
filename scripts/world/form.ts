/**
 * Fills in and sends the form of a vendor's page, as a person would. A page that shows no form any more has had its answer.
 * Returns the address the vendor sends the person back to, not fetched; undefined when there is none.
 */
export async function submitForm(pageUrl: string, fields: Record<string, string>): Promise<string | undefined> {
  const page = await fetch(pageUrl, { redirect: 'manual' })
  const html = await page.text()
  if (page.status >= 400) throw new Error(`The page ${pageUrl} answered ${page.status}`)
  if (!html.includes('<form')) return page.headers.get('location') ?? undefined
  const answer = await fetch(pageUrl, { method: 'POST', body: new URLSearchParams(fields), redirect: 'manual' })
  await answer.body?.cancel()
  if (answer.status >= 400) throw new Error(`The form on ${pageUrl} was refused with ${answer.status}`)
  return answer.headers.get('location') ?? undefined
}
