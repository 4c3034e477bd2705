// Enhances a page that already works without this file.
import { initAll } from './govuk-frontend.min.js'

document.body.classList.add('js-enabled', 'govuk-frontend-supported')
initAll()

// The component marks radio buttons that show more fields as expanded or not, which ARIA does not allow them to
// be. What they show follows them directly, so nothing is lost.
const unmark = () => document.querySelectorAll('[type=radio][aria-expanded]').forEach((radio) => radio.removeAttribute('aria-expanded'))
unmark()
addEventListener('pageshow', unmark)
document.addEventListener('click', unmark)
