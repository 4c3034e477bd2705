//! Kamailio's dialog module, by JSON-RPC 2.0 over HTTP. Each dialog carries what was dialled and who calls in its
//! variables `number` and `caller`; it is named by its place in Kamailio's table, `h_entry:h_id`.
//!
//! Only dialogs that were answered are taken. Of one that rings Kamailio 5.6 says that it is ended and lets it ring
//! (`terminating non-confirmed dialogs not supported` in its log); it is ended on the beat after it is answered.
//!
//! Kamailio 5.6 answers a method's failure with the method's own code as the HTTP status (404 for a dialog that is
//! gone) and with `error` in the body.

use serde::Deserialize;
use serde_json::{Value, json};

use super::{Ending, LiveCall, NotListed, Platform};

/// States of a dialog that was answered: before and after the caller's ACK. 1 and 2 come before, 5 is over.
const ANSWERED: [u8; 2] = [3, 4];

#[derive(Deserialize)]
struct Answer {
    result: Vec<Dialog>,
}

#[derive(Deserialize)]
struct Dialog {
    h_entry: u32,
    h_id: u32,
    state: u8,
    /// One object for each variable.
    #[serde(default)]
    variables: Vec<serde_json::Map<String, Value>>,
}

impl Dialog {
    fn variable(&self, name: &str) -> String {
        let found = self.variables.iter().find_map(|variable| variable.get(name));
        found.and_then(Value::as_str).unwrap_or_default().to_owned()
    }

    /// A call that is up; `None` for one that is not, and for a dialog that no gate was asked about, which carries no
    /// number.
    fn call(self) -> Option<LiveCall> {
        let dialled = self.variable("number");
        (ANSWERED.contains(&self.state) && !dialled.is_empty()).then(|| LiveCall {
            id: format!("{}:{}", self.h_entry, self.h_id),
            caller: self.variable("caller"),
            dialled,
        })
    }
}

pub(super) async fn calls(platform: &Platform) -> Result<Vec<LiveCall>, NotListed> {
    let question = json!({ "jsonrpc": "2.0", "method": "dlg.list", "id": 1 });
    let (status, bytes) = ask(platform, &question).await?;
    if !(200..300).contains(&status) {
        return Err(NotListed::Declined(status));
    }
    let answer: Answer = serde_json::from_slice(&bytes).map_err(|_| NotListed::Malformed)?;
    Ok(answer.result.into_iter().filter_map(Dialog::call).collect())
}

pub(super) async fn end(platform: &Platform, call: &LiveCall) -> Ending {
    let Some((entry, id)) = call.id.split_once(':') else {
        return Ending::NotEnded;
    };
    let (Ok(entry), Ok(id)) = (entry.parse::<u32>(), id.parse::<u32>()) else {
        return Ending::NotEnded;
    };
    let question = json!({ "jsonrpc": "2.0", "method": "dlg.end_dlg", "params": [entry, id], "id": 2 });
    let Ok((status, bytes)) = ask(platform, &question).await else {
        return Ending::NotEnded;
    };
    let answer: Value = serde_json::from_slice(&bytes).unwrap_or_default();
    let code = answer.pointer("/error/code").and_then(Value::as_u64);
    match (status, code) {
        (404, _) | (_, Some(404)) => Ending::Gone,
        (200..=299, None) if answer.get("result").is_some() => Ending::Ended,
        _ => Ending::NotEnded,
    }
}

async fn ask(platform: &Platform, question: &Value) -> Result<(u16, Vec<u8>), NotListed> {
    let post = platform.client.post(platform.hook.clone()).json(question);
    platform.ask(post).await
}
