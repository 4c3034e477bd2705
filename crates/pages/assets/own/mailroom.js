// The mailroom's page, which works without this file: fewer keys for each envelope, and a word when the hub cannot be
// reached.
const envelope = document.getElementById('envelope')
const address = document.getElementById('address')
const sender = document.getElementById('sender')
const picture = document.getElementById('picture')

// A scanner ends what it read with Enter.
const isSender = (line) => /^\s*([a-z]\d{4}[a-z]{2}|unknown|anhysbys)\s*$/i.test(line)
const lineBefore = ({ value, selectionStart }) => value.slice(0, selectionStart).split('\n').pop()
const senderIsKnown = () => isSender(sender.value) || address.value.split('\n').some(isSender)
const hasAddress = () => address.value.split('\n').some((line) => line.trim() !== '' && !isSender(line))

address?.addEventListener('keydown', (event) => {
  if (event.key !== 'Enter') return
  const asked = event.ctrlKey || event.metaKey
  const scanned = isSender(lineBefore(address)) && hasAddress()
  if (!asked && !scanned) return
  event.preventDefault()
  if (senderIsKnown() || !hasAddress()) envelope.requestSubmit()
  else sender.focus()
})

// The number first, then the address: Enter leads on to it.
sender?.addEventListener('keydown', (event) => {
  if (event.key !== 'Enter' || hasAddress()) return
  event.preventDefault()
  address.focus()
})

picture?.addEventListener('change', () => picture.form.requestSubmit())

navigator.serviceWorker?.register('/mailroom-worker.js', { scope: '/mailroom' })
