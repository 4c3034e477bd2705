// Step 2: the police refer by a page and file intelligence.

/** Refers; gives the reference. */
export async function refers(police, { referred, prisoner }) {
  await police.signIn('PC Ellis Marsh')
  await police.check('home')
  await police.go('/refer', { shot: 'refer' })
  await police.press('Continue', { status: 422, shot: 'refer-errors' })
  await police.expectErrors(4)
  await police.choose('asks', 'absent')
  await police.press('Continue', { status: 422 })
  await police.expectErrors(4)
  await police.choose('asks', 'given')
  await police.choose('channel', 'email')
  await police.fill({ name: 'PC Ellis Marsh', why: referred.why, 'channel-at-email': 'ellis.marsh@northmoor.example' })
  await police.press('Continue')
  await police.fill({ 'people-0-name': referred.name, 'people-0-numbers-0': referred.number, 'people-0-addresses-0': referred.address.lines, 'people-0-postcodes-0': referred.address.postcode })
  await police.press(police.page.locator('button[value="add-number:0"]'))
  await police.fill({ 'people-0-numbers-1': referred.second, 'people-0-channel-note': referred.channelNote })
  await police.select('people-0-channel', 'text')
  await police.press('Continue', { status: 422 })
  await police.expectErrors(1)
  await police.fill({ 'people-0-channel-at': referred.safeNumber })
  await police.press('Continue')
  await police.fill({ 'first-name': prisoner.first, 'last-name': prisoner.last })
  await police.press('Continue')
  await police.choose('life-at-risk', 'no')
  await police.choose('risks', 'physical')
  await police.select('orders-0-kind', 'restraining')
  await police.fill({ 'orders-0-court': 'Northmoor Crown Court' })
  await police.press('Continue', { shot: 'refer-check' })
  await police.expect('Send them a text message', referred.safeNumber, referred.channelNote, 'Restraining order', 'Northmoor Crown Court', 'Physical harm')
  await police.press('Send the request', { shot: 'refer-done' })
  return police.page.locator('#reference').innerText()
}

/** Reads the receipt again, with how far the bars are; sees nothing of anybody else's. */
export async function readsTheReceipt(police, reference, anothers) {
  await police.go('/referrals')
  for (const wrong of ['', 'K7QM', anothers]) {
    await police.fill({ reference: wrong })
    await police.press('Show', { status: 422 })
    await police.expectErrors(1)
  }
  await police.fill({ reference })
  await police.press('Show', { shot: 'referrals' })
  await police.expect(reference, 'Barred', 'In force at 2 of 3 places')
}

/** Probation asks about the address that he offers for his release: it is hers. */
export async function asksAboutAnAddress(probation, { referred, prisoner }) {
  await probation.signIn('Nia Pritchard')
  await probation.go('/offer-address', { shot: 'offer-address' })
  await probation.press('Ask', { status: 422, shot: 'offer-address-errors' })
  await probation.expectErrors(3)
  await probation.fill({ 'prison-number': prisoner.number, address: referred.address.lines, postcode: referred.address.postcode })
  await probation.choose('offered-for', 'release')
  await probation.press('Ask', { shot: 'offer-address-asked' })
  await probation.expect('Do not approve the address before that.')
  await probation.fill({ reference: 'K7QM-2VXD-94TR' })
  await probation.press('Read the answer', { status: 422 })
  await probation.expectErrors(1)
  await probation.signOut()
}

/** Files intelligence on the case. */
export async function filesIntelligence(police, reference, { rang }) {
  await police.go('/intelligence')
  await police.press('Send', { status: 422, shot: 'intelligence-errors' })
  await police.expectErrors(2)
  await police.choose('kind', 'number-that-rang')
  await police.fill({ account: 'It rang at night and nobody spoke.', number: 'x'.repeat(400), reference: 'K7' })
  await police.press('Send', { status: 422 })
  await police.expectErrors(2)
  await police.fill({ number: rang, reference })
  await police.press('Send', { shot: 'intelligence-done' })
  await police.expect('Your intelligence is filed')
}
