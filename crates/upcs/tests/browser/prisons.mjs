// Step 5: the mailroom, the approved numbers, and what a prison's own people see.

/** Barred addresses go to the shelf, others leave; some of these are shelved by chance. */
export async function checksLetters(clerk, { referred, letter, prisoner }) {
  await clerk.signIn('Meg Rowe')
  await clerk.go('/mailroom')
  await clerk.press('Check', { status: 422, shot: 'mailroom-errors' })
  await clerk.expectErrors(2)
  await clerk.fill({ address: 'x'.repeat(600), sender: 'nobody' })
  await clerk.press('Check', { status: 422 })
  await clerk.expectErrors(2)
  const envelope = (to, address) => `${to}\n${address.lines}\n${address.postcode}`
  await clerk.fill({ address: envelope('Ms C Bevan', referred.address), sender: prisoner.number })
  await clerk.press('Check', { shot: 'mailroom-shelf' })
  await clerk.expect('SHELF')
  let shelved = 0
  for (; shelved < 20; shelved += 1) {
    await clerk.fill({ address: envelope('Mr P Lowe', { ...letter, lines: `${shelved + 1} ${letter.street}\nNorthmoor` }), sender: shelved % 2 ? 'unknown' : 'A1234BC' })
    await clerk.press('Check', { shot: 'mailroom-pass' })
    if ((await clerk.text()).includes('PASS')) return shelved
  }
  throw new Error('twenty letters in a row to addresses that are not barred were shelved')
}

/** A clerk applies for numbers: wrongly, for one that is not barred, for one that is; withdraws another. */
export async function appliesForNumbers(clerk, { elsewhere, spare, referred }) {
  await clerk.signIn('Kit Fallon')
  await clerk.go('/prison/numbers', { shot: 'numbers' })
  await clerk.press('Apply', { status: 422, shot: 'numbers-errors' })
  await clerk.expectErrors(4)
  await clerk.fill({ holder: 'A12', number: 'twelve', name: 'Ann Prior' })
  await clerk.choose('kind', 'social')
  await clerk.press('Apply', { status: 422 })
  await clerk.expectErrors(2)
  // Somebody held in Moorland, with a number that is barred: where he is decides, and nothing else.
  await clerk.fill({ holder: 'A1234BC', number: referred.number, name: 'Ann Prior' })
  await clerk.choose('kind', 'social')
  await clerk.press('Apply', { status: 422 })
  await clerk.expect('No prisoner with this number is on record in your prison')
  for (const number of [spare, elsewhere, referred.number]) {
    await clerk.fill({ holder: 'A2345CD', number, name: 'Ann Prior' })
    await clerk.choose('kind', 'social')
    await clerk.press('Apply')
    await clerk.expect('The number waits for a second person', number)
  }
  await clerk.press(rowOf(clerk, spare).getByRole('button', { name: /^Withdraw/ }))
  await clerk.expect('The proposal is withdrawn')
  await clerk.expectNone(spare)
  if ((await clerk.page.getByRole('button', { name: /^Approve/ }).count()) > 0) throw new Error('a clerk may approve')
}

/** Security approves what is not barred; a barred one cannot be approved, and the page does not say why. */
export async function approvesNumbers(security, { elsewhere, referred }) {
  await security.signIn('Jo Hussain')
  await seesThePrison(security, 'Leeds', 'prison-security')
  await security.go('/prison/numbers', { shot: 'numbers-security' })
  await security.press(rowOf(security, elsewhere).getByRole('button', { name: /^Approve/ }))
  await security.expect('Approved. It takes effect now.')
  await security.go('/prison/numbers')
  const barred = rowOf(security, referred.number).getByRole('button', { name: /^Approve/ })
  await security.press(barred, { status: 409, shot: 'numbers-cannot' })
  await security.expect('This number cannot be approved.')
  await security.expectNone('barred', 'Barred')
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
