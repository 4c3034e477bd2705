// Step 1: somebody asks for contact to be stopped, first carelessly, then rightly; and leaves without a trace.
import { goBack, until } from './browser.mjs'
import { hers } from './people.mjs'

/** Goes through the whole form; gives the reference. */
export async function asksForHerself(her, { asker, child, orders, prisoner }) {
  await her.go('/', { shot: 'start' })
  await her.follow('Cymraeg')
  await her.follow('English')
  await her.press(her.page.locator('a[href="/request"]').first(), { shot: 'request-who' })
  await wrongAboutHer(her)
  await aboutHer(her, asker)
  await wrongPeople(her)
  await people(her, asker, child)
  await wrongPrisoner(her)
  await her.fill({
    'first-name': prisoner.first, 'last-name': prisoner.last, 'other-names': 'Cal', 'prison-number': '', age: '35', prison: 'Leeds', offence: 'Assault',
    'born-day': '', 'born-month': '', 'born-year': '',
  })
  await her.press('Continue')
  await wrongSafety(her)
  await safety(her, orders)
  await her.press('Continue', { shot: 'request-check' })
  await showsTheAnswers(her, { asker, child, orders })
  // Back to one page from the answers, and on again.
  await her.press(her.page.locator('button[value="change:2"]'))
  await her.press('Back')
  for (let page = 2; page < 5; page += 1) await her.press('Continue')
  await her.press('Send the request', { shot: 'request-done' })
  await her.expect('We have your request', 'we cannot read it as a phone number', 'we have told prisons to refuse calls to it', 'we cannot stop email yet')
  return her.page.locator('#reference').innerText()
}

/** Everything that was typed stands among the answers; what was chosen, in words. */
async function showsTheAnswers(her, { asker, child, orders }) {
  await her.expect(asker.name, asker.why, 'Ring me', asker.safeNumber, asker.channelNote)
  await her.expect(asker.otherName, asker.email, asker.wrongNumber, asker.landline, asker.address.street, 'Do not contact this person')
  await her.expect(child.name, child.number, child.address.street, 'Through somebody who supports them', child.supporter, child.supporterNumber, child.channelNote)
  await her.expect('We cannot read this as a phone number. Change it, or send it as it is')
  await her.expect('Cal', '35', 'Leeds', 'Assault', 'Emotional abuse', 'Being controlled or coerced', 'Stalking')
  await her.expect('Non-molestation order', 'Until 1 June 2031', 'Condition of bail or remand', 'Until 2 July 2032', 'Her brother, in Moorland.')
  await her.expect(...orders.flatMap(({ court, number, terms }) => [court, number, terms]))
}

async function wrongAboutHer(her) {
  await her.press('Continue', { status: 422, shot: 'request-who-errors' })
  await her.expectErrors(4)
  await her.choose('asks', 'not-agreed')
  await her.choose('channel', 'email')
  await her.fill({ name: 'x'.repeat(400), why: ' ' })
  await her.press('Continue', { status: 422 })
  await her.expectErrors(4)
}

async function aboutHer(her, asker) {
  await her.choose('asks', 'self')
  await her.choose('channel', 'phone')
  await her.fill({ name: asker.name, why: asker.why, 'channel-at-phone': asker.safeNumber, 'channel-note': asker.channelNote, relationship: '' })
  await her.press('Continue', { shot: 'request-people' })
}

async function wrongPeople(her) {
  await her.press('Continue', { status: 422, shot: 'request-people-errors' })
  await her.expectErrors(2)
  await her.fill({ 'people-0-numbers-0': '0'.repeat(400), 'people-0-addresses-0': 'x'.repeat(6000) })
  await her.select('people-0-channel', 'post')
  await her.press('Continue', { status: 422, shot: 'request-people-errors-more' })
  await her.expectErrors(4)
  // A postcode without its street would be lost.
  await her.fill({ 'people-0-addresses-0': '', 'people-0-postcodes-0': 'ZZ9 9ZZ' })
  await her.select('people-0-channel', 'none')
  await her.press('Continue', { status: 422 })
  await her.expectErrors(3)
}

/** Two people; the first has four numbers, one of them none, and two addresses. */
async function people(her, asker, child) {
  const first = { 'people-0-name': asker.name, 'people-0-other-names': asker.otherName, 'people-0-emails': asker.email }
  await her.fill({ ...first, 'people-0-numbers-0': asker.wrongNumber, 'people-0-addresses-0': asker.address.lines, 'people-0-postcodes-0': asker.address.postcode })
  for (const number of [1, 2, 3]) {
    await her.press(her.page.locator('button[value="add-number:0"]'))
    await her.fill({ [`people-0-numbers-${number}`]: [asker.landline, asker.sharedNumber, '12'][number - 1] })
  }
  await her.press(her.page.locator('button[value="add-address:0"]'))
  await her.fill({ 'people-0-addresses-1': `Flat 2, ${asker.address.lines}`, 'people-0-postcodes-1': asker.address.postcode })
  await her.press('Add another person')
  await her.press('Add another person', { shot: 'request-people-three' })
  await her.press('Remove person 3')
  await her.fill({ 'people-1-name': child.name, 'people-1-numbers-0': child.number, 'people-1-addresses-0': child.address.lines, 'people-1-postcodes-0': child.address.postcode })
  await her.select('people-1-channel', 'advocate')
  await her.fill({ 'people-1-channel-at': `${child.supporter}, ${child.supporterNumber}`, 'people-1-channel-note': child.channelNote })
  await her.press('Continue', { shot: 'request-prisoner' })
}

async function wrongPrisoner(her) {
  await her.fill({ 'prison-number': 'A12', 'born-day': '31', 'born-month': '2', 'born-year': '1985', age: 'old' })
  await her.press('Continue', { status: 422, shot: 'request-prisoner-errors' })
  await her.expectErrors(3)
}

/** An order of which the kind is not chosen, a date that is none, two texts too long, and one question left. */
async function wrongSafety(her) {
  await her.fill({ 'orders-0-until-day': '9', 'orders-0-terms': 'x'.repeat(6000), 'good-reason': 'x'.repeat(6000) })
  await her.press('Continue', { status: 422, shot: 'request-safety-errors' })
  await her.expectErrors(5)
}

async function safety(her, orders) {
  await her.choose('life-at-risk', 'no')
  await her.choose('risks', 'emotional', 'coercive-or-controlling', 'stalking')
  await her.fill({ 'good-reason': 'Her brother, in Moorland.' })
  await fillsOrder(her, 0, orders[0])
  await her.press('Add another court order')
  await her.press('Add another court order', { shot: 'request-safety-three' })
  await her.press('Remove order 2')
  await fillsOrder(her, 1, { ...orders[1], kind: '' })
  await her.press('Continue', { status: 422 })
  await her.expectErrors(1)
  await her.select('orders-1-kind', orders[1].kind)
}

async function fillsOrder(her, at, { kind, court, number, until: [day, month, year], terms }) {
  const field = (name) => `orders-${at}-${name}`
  await her.select(field('kind'), kind)
  await her.fill({
    [field('court')]: court, [field('number')]: number, [field('terms')]: terms,
    [field('until-day')]: day, [field('until-month')]: month, [field('until-year')]: year,
  })
}

/** Back from the receipt, another number, sent again. */
export async function correctsTheNumber(her, { asker }) {
  await goBack(her.browser)
  await her.expect('Check your answers', asker.wrongNumber)
  await her.press(her.page.locator('button[value="change:1"]'))
  await her.fill({ 'people-0-numbers-0': asker.number })
  for (let page = 1; page < 4; page += 1) await her.press('Continue')
  await her.expect(asker.number)
  await her.press('Send the request', { shot: 'request-done-again' })
  await her.expect('We have your request', 'You sent this before with other answers')
  return her.page.locator('#reference').innerText()
}

/** Somebody asks for another who has not agreed: nothing is barred before a handler has looked. */
export async function asksForAnother(friend, { friend: they }) {
  await friend.go('/request')
  await friend.choose('asks', 'not-agreed')
  await friend.choose('channel', 'none')
  await friend.fill({ name: they.name, relationship: they.relationship, 'no-consent-why': they.noConsent, why: they.why })
  await friend.press('Continue')
  await friend.fill({ 'people-0-name': they.person, 'people-0-numbers-0': they.number })
  await friend.press('Continue')
  await friend.press('Continue')
  await friend.choose('life-at-risk', 'no')
  await friend.press('Continue')
  await friend.press('Send the request')
  await friend.expect('a case handler will look at it first')
  return friend.page.locator('#reference').innerText()
}

/** Leaves by each way there is, and looks at what Back then shows. Gives how many entries were looked at. */
export async function leaves(her, people, references) {
  let looked = 0
  const link = her.page.locator('.govuk-exit-this-page__button')
  looked += await leavesBy(her, people, references, () => link.click())
  await her.go('/request')
  await her.fill({ name: people.asker.name, why: people.asker.why })
  looked += await leavesBy(her, people, references, her.story.scripts ? () => pressesShiftThrice(her) : () => skipsOut(her))
  return looked
}

async function leavesBy(her, people, references, leave) {
  await leave()
  await her.isAway()
  const { words, numbers } = hers(people, references)
  let looked = 0
  for (let shown = await goBack(her.browser); shown; shown = await goBack(her.browser)) {
    const said = [...words, ...numbers].filter((word) => shown.html.includes(word))
    if (said.length > 0) throw new Error(`after leaving, Back to ${shown.url} shows ${said.join(', ')}`)
    looked += 1
  }
  return looked
}

async function pressesShiftThrice(her) {
  for (let press = 0; press < 3; press += 1) await her.page.keyboard.press('Shift')
}

/** The link that stands before everything else, reached by the keyboard. */
async function skipsOut(her) {
  const link = her.page.locator('.govuk-js-exit-this-page-skiplink')
  await until('the skip link to be reached by the keyboard', async () => {
    await her.page.keyboard.press('Tab')
    return link.evaluate((element) => element === document.activeElement)
  })
  await her.page.keyboard.press('Enter')
}

