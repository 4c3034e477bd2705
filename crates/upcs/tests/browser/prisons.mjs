// Step 5: applications and approved numbers, and what a prison's own people see.
import { until } from './browser.mjs'

/** A clerk applies: wrongly, for a number that is not barred, for one that is, for somebody whom a case protects. */
export async function appliesForNumbers(clerk, { elsewhere, spare, rang, referred }) {
  await clerk.signIn('Kit Fallon')
  await clerk.go('/prison/applications', { shot: 'applications' })
  await clerk.press('Apply', { status: 422, shot: 'applications-errors' })
  await clerk.expectErrors(4)
  await applies(clerk, { holder: 'A12', 'number-1': spare }, { status: 422 })
  await clerk.expectErrors(1)
  // Somebody held in Moorland, with a number that is barred: where he is decides, and nothing else.
  await applies(clerk, { holder: 'A1234BC', 'number-1': referred.number }, { status: 422 })
  await clerk.expect('No prisoner with this number is on record in your prison')
  const [first, last] = referred.name.split(' ')
  const hers = { 'first-name': first, 'last-name': last }
  const asked = [{ 'number-1': spare }, { 'number-1': elsewhere }, { 'number-1': referred.number }, { ...hers, 'number-1': rang }, { ...hers, 'number-1': '01632 960888' }]
  for (const fields of asked) {
    await applies(clerk, { holder: 'A2345CD', ...fields })
    await clerk.expect('Received. It is answered with all others in the daily batch.')
  }
  await until('the batch to answer all of them', async () => {
    await clerk.go('/prison/applications')
    return !(await clerk.text()).includes('Ring nobody yet')
  }, 60000)
  await clerk.picture('applications-answered')
  await clerk.expect('May be rung to verify it', 'Not approved')
  await clerk.expectNone('barred', 'Barred')
  await clerk.go('/prison/numbers', { shot: 'numbers' })
  await clerk.expectNone(referred.number)
  await clerk.press(rowOf(clerk, spare).getByRole('button', { name: /^Withdraw/ }))
  await clerk.expect('The proposal is withdrawn')
  await clerk.expectNone(spare)
  if ((await clerk.page.getByRole('button', { name: /^Approve/ }).count()) > 0) throw new Error('a clerk may approve')
}

async function applies(clerk, fields, expected) {
  await clerk.go('/prison/applications')
  await clerk.fill({ 'first-name': 'Ann', 'last-name': 'Prior', ...fields })
  await clerk.choose('kind', 'social')
  await clerk.press('Apply', expected)
}

/** Security approves what may be rung, and refuses an application of its own before the batch. */
export async function approvesNumbers(security, { elsewhere, referred }) {
  await security.signIn('Jo Hussain')
  await seesThePrison(security, 'Leeds', 'prison-security')
  await security.go('/prison/numbers', { shot: 'numbers-security' })
  await security.expectNone(referred.number)
  await security.press(rowOf(security, elsewhere).getByRole('button', { name: /^Approve/ }))
  await security.expect('Approved. It takes effect now.')
  // The demo's day is short: the batch may come first.
  await until('an application that security can refuse', async () => {
    await applies(security, { holder: 'A2345CD', 'number-1': '01632 960889' })
    const refuse = security.page.getByRole('button', { name: /^Do not approve/ })
    if ((await refuse.count()) === 0) return false
    await security.press(refuse, { shot: 'applications-security' })
    return true
  }, 60000)
  await security.expect('Noted. It is answered with all others in the daily batch.')
}

/** A handler sees who agrees with a case: bars the number of one, says that the other is somebody else. */
export async function decidesOfMatches(handler, reference, { referred, rang }) {
  await handler.signIn('Anwen Pugh')
  await handler.go('/cases')
  await handler.expect('2 applications to ring agree with cases')
  await handler.go('/applications', { shot: 'matches' })
  await handler.expect(referred.name, rang, 'The case is about the same prisoner')
  const card = (number) => handler.page.locator('.govuk-summary-card', { hasText: number })
  await handler.press(card(rang).getByRole('button', { name: /^Bar these numbers now/ }))
  await handler.expect('Barred. It is on its way to every prison.')
  await handler.press(card('01632 960888').getByRole('button', { name: /^It is somebody else/ }))
  await handler.expect('Noted: somebody else.', 'No application waits for you.')
  await handler.go(`/cases/${reference}`)
  await handler.expect(rang)
  await handler.picture('case-applications', '#applications')
}

/** A friend's number comes off a list in one step; a lawyer's waits for a second person. */
export async function takesNumbersOff(security, { prisoner }) {
  await security.go('/prison/numbers')
  await security.fill({ 'list-holder': 'A12' })
  await security.press('Show the list', { status: 422 })
  await security.expectErrors(1)
  const shows = async () => {
    await security.fill({ 'list-holder': prisoner.number })
    await security.press('Show the list', { shot: 'numbers-list' })
  }
  await shows()
  const mothers = rowOf(security, '01632 960111')
  await security.press(mothers.getByRole('button'))
  await shows()
  const lawyers = () => security.page.locator('tr', { has: security.page.locator('form[action="/prison/numbers/revoke"] input[name="reason"]') }).first()
  await security.unfold(lawyers().locator('details'))
  await security.press(lawyers().getByRole('button'), { status: 422, shot: 'numbers-off-errors' })
  await security.expectErrors(1)
  await security.unfold(lawyers().locator('details'))
  await lawyers().locator('input[name="reason"]').fill('He has another lawyer.')
  await security.press(lawyers().getByRole('button'))
  await security.expect('He has another lawyer.')
}

/** A clerk takes in a file that holds a barred number, security agrees to it, and nothing tells which row it is. */
export async function takesAFileOver(staff, { prisoner, listed, referred }) {
  await staff.signIn('Kit Fallon')
  await staff.go('/prison/lists', { shot: 'lists' })
  await staff.press('Read the file', { status: 422, shot: 'lists-errors' })
  await staff.expectErrors(1)
  const rows = [['A2345CD', 'Ann Prior', listed, 'social'], [prisoner.number, 'Bo Prior', referred.number, 'social'], ['A12', 'Cy Prior', listed, 'social']]
  const file = ['prison_number,name,number,kind', ...rows.map((row) => row.join(','))].join('\n')
  await readsIn(staff, file)
  await staff.unfold('Rows that are not taken over')
  await staff.expect('The prison number is not one')
  await staff.press(staff.page.getByRole('button', { name: /^Propose to take it over/ }), { status: 422, shot: 'lists-propose-errors' })
  await staff.expectErrors(1)
  await proposes(staff)
  await staff.press(staff.page.getByRole('button', { name: /^Withdraw/ }))
  await proposes(staff)
  await staff.signIn('Jo Hussain')
  await staff.go('/prison/lists')
  await staff.press(staff.page.getByRole('button', { name: /^Approve/ }), { shot: 'lists-approved' })
  await untilFilesSay(staff, 'Done')
  await staff.expectNone('barred', 'Barred')
}

async function readsIn(staff, text) {
  await staff.page.locator('#file').setInputFiles({ name: 'list.csv', mimeType: 'text/csv', buffer: Buffer.from(text) })
  await staff.choose('format', 'csv')
  await staff.press('Read the file')
  await untilFilesSay(staff, 'Nothing is on a list yet')
}

async function proposes(staff) {
  await staff.page.locator('input[name="reason"]').first().fill('The list of November.')
  await staff.press(staff.page.getByRole('button', { name: /^Propose to take it over/ }))
}

/** Reloads until the page says so: the hub reads and takes over in the background. */
async function untilFilesSay(staff, words) {
  for (let tries = 0; tries < 100; tries += 1) {
    await staff.go('/prison/lists')
    if ((await staff.text()).includes(words)) return
    await staff.page.waitForTimeout(100)
  }
  throw new Error(`the page of files never says: ${words}`)
}

/** What a governor sees: whether the prison is up to date, and nothing of anybody protected. */
export async function governs(governor, name, prison, personal) {
  await governor.signIn(name)
  await seesThePrison(governor, prison, 'prison-governor')
  await governor.expectNone(...personal)
}

async function seesThePrison(visitor, prison, shot) {
  await visitor.go('/prison', { shot })
  await visitor.expect(prison, 'Up to date')
}

function rowOf(visitor, number) {
  return visitor.page.locator('tr', { hasText: number })
}
