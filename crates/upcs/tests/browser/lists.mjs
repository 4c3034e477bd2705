// Step 3: a case handler takes a prison's no-contact list over.
import { until } from './browser.mjs'

/** Brings a list in, with one row that names nothing that could be barred, and reads what is wanting. */
export async function bringsAListIn(handler, { noContact }) {
  await handler.go('/no-contact', { shot: 'no-contact' })
  await handler.press('Take the list over', { status: 422, shot: 'no-contact-errors' })
  await handler.expectErrors(3)
  await handler.select('prison', 'MDI')
  await handler.fill({ 'kept-by': 'Public protection, Moorland', 'as-of-day': '1', 'as-of-month': '11', 'as-of-year': '2025' })
  const rows = [`A1234BC,"Hartley, Daniel",${noContact.name},${noContact.number},,${noContact.why}`, 'A1234BC,Daniel Hartley,,,,']
  const file = ['prison_number,prisoner,person,numbers,address,reason', ...rows].join('\r\n')
  await handler.page.locator('#file').setInputFiles({ name: 'list.csv', mimeType: 'text/csv', buffer: Buffer.from(file) })
  await handler.press('Take the list over')
  await until('the list to be taken over', async () => {
    await handler.go('/no-contact')
    return (await handler.text()).includes('Done')
  })
  await handler.expect('Neither a number nor an address', 'In one row something is not protected', 'Public protection, Moorland')
  await handler.expectNone(noContact.name, noContact.number)
  await handler.unfold('Gaps by row')
  await handler.picture('no-contact-report')
}
