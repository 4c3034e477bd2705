// The case-handling components; loaded after shell.js, on staff pages only.
import { initAll } from './moj-frontend.min.js'

initAll()
