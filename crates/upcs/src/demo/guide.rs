//! What the demo prints: where everything is, how to sign in, what to try.

use anyhow::Result;

use super::folder::Folder;
use super::people::{BARRING, ENABLING, WITHOUT_GATE};
use super::stack::Stack;
use crate::say;

/// Prints the guide.
pub(super) fn print(folder: &Folder, stack: &Stack) -> Result<()> {
    let url = stack.url();
    let key = folder.remembered()?.police_key;
    let (barring, enabling) = (stack.barring.sip, stack.enabling.sip);
    say::line(&format!(
        "\nThe service runs on this machine, with fictional people. Stop it with Ctrl-C.

  Ask for contact to be stopped   {url}/
  Sign in, as anybody             {url}/sign-in
  The police's key                {key}

  {BARRING}  gate under call barring    SIP {barring}  status http://{}/status
  {ENABLING}  gate under call enabling   SIP {enabling}  status http://{}/status
  {WITHOUT_GATE}  switched on without a gate: proof shows it red

Try, in another shell:
  cargo run -q -- call --gate {barring} --from A1234BC 07700900123
  cargo run -q -- call --gate {enabling} --from A2345CD 07700900123
  curl -s {url}/v1/requests -H 'Authorization: Bearer {key}' -H 'Idempotency-Key: first-try' \\
    -H 'Content-Type: application/json' -d '{EXAMPLE}'
and the two calls again: both are refused, however the number is written.

The journey step by step stands in README.md; `cargo run -- tour` walks it by itself.
Everything is kept in {}; --fresh starts over.",
        stack.barring.http,
        stack.enabling.http,
        folder.root().display(),
    ));
    Ok(())
}

/// A complete referral by the police.
pub const EXAMPLE: &str = r#"{"referrer":{"kind":"police","name":"PC Ellis Marsh"},"consent":{"consent":"given"},"why":"Rung twice a day from a prison phone.","people":[{"name":"Carys Bevan","numbers":["07700 900123"],"addresses":[{"lines":"14 Orchard Rise, Northmoor","postcode":"ZZ9 4QT"}]}],"prisoner":{"first_name":"Calum","last_name":"Prior","age_years":35}}"#;
