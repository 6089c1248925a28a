/**
 * Fills in and sends the form of a web page, as a person would: reads the page, keeps its hidden fields, overwrites those
 * given, submits to the form's own address, and follows redirects by hand.
 * Returns the address the vendor sent the person back to (not fetched), or undefined when the last answer was a page.
 */
export async function submitForm(
  pageUrl: string,
  fields: Record<string, string>,
  choose: { form?: string; button?: string } = {},
): Promise<string | undefined> {
  const page = await fetch(pageUrl)
  const html = await page.text()
  if (!page.ok) throw new Error(`The page ${pageUrl} answered ${page.status}`)
  const form = formsOf(html).find((candidate) => choose.form === undefined || candidate.action.includes(choose.form))
  if (!form) throw new Error(`The page ${pageUrl} has no form ${choose.form ?? ''}`)
  const body = new URLSearchParams({ ...form.fields, ...fields })
  const answer = await fetch(new URL(form.action || pageUrl, pageUrl), { method: 'POST', body, redirect: 'manual' })
  await answer.body?.cancel()
  if (answer.status >= 400) throw new Error(`The form on ${pageUrl} was answered with ${answer.status}`)
  const location = answer.headers.get('location')
  return location === null ? undefined : new URL(location, pageUrl).href
}

interface Form {
  action: string
  fields: Record<string, string>
}

function formsOf(html: string): Form[] {
  return [...html.matchAll(/<form\b([^>]*)>([\s\S]*?)<\/form>/gi)].map(([, attributes = '', content = '']) => ({
    action: attributeOf(attributes, 'action') ?? '',
    fields: Object.fromEntries(
      [...content.matchAll(/<input\b([^>]*)>/gi)].flatMap(([, input = '']) => {
        const name = attributeOf(input, 'name')
        const isChoice = /type="?(radio|checkbox)/i.test(input) && !/\bchecked\b/i.test(input)
        return name === undefined || isChoice ? [] : [[name, attributeOf(input, 'value') ?? '']]
      }),
    ),
  }))
}

function attributeOf(text: string, name: string): string | undefined {
  const match = new RegExp(`\\b${name}=(?:"([^"]*)"|'([^']*)'|([^\\s>]+))`, 'i').exec(text)
  const value = match?.[1] ?? match?.[2] ?? match?.[3]
  return value
    ?.replace(/&#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)))
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&')
}
